//! Draws a frame of `resilience top` on the terminal. Columns come with the room for them, the weightiest first; without colours,
//! words and weight say the same.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph, Row as Line_, Table, TableState, Wrap};

use super::keys::HELP;
use super::numbers::{age, percent, rate, time};
use super::row::Row;
use super::view::{Mode, View};
use crate::folding::folded;

/// A column: its title, its width, from how many columns of the terminal on it is shown, and what stands in it.
type Column = (&'static str, u16, u16, fn(&Row) -> String);

const COLUMNS: [Column; 13] = [
    ("HEALTH", 6, 0, |row| row.health.to_string()),
    ("BREAKER", 13, 0, |row| row.breaker.clone()),
    ("CALLS/S", 7, 0, |row| rate(row.rate)),
    ("OK", 6, 0, |row| percent(row.success)),
    ("P99", 7, 0, |row| time(row.p99)),
    ("RETRIES", 7, 76, |row| percent(row.retries)),
    ("RUNS", 5, 90, |row| row.in_flight.to_string()),
    ("P50", 7, 100, |row| time(row.p50)),
    ("P95", 7, 108, |row| time(row.p95)),
    ("ATT.OK", 6, 116, |row| percent(row.attempt_success)),
    ("BUDGET", 9, 130, |row| row.budget.map_or("-".to_owned(), |(has, most)| format!("{has:.1}/{most:.0}"))),
    ("BULKHEAD", 11, 145, |row| bulkhead(row.bulkhead)),
    ("KIND", 13, 160, |row| row.kind.clone()),
];

/// Draws the whole of it.
pub(super) fn draw(view: &View, is_coloured: bool, frame: &mut Frame<'_>) {
    let style = Look { is_coloured };
    let below = if view.events.is_empty() { 0 } else { u16::try_from(view.events.len()).unwrap_or(5) + 1 };
    let below = if frame.area().height > 12 + below { below } else { 0 };
    let [head, body, events, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(below),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(header(view, style)), head);
    match view.mode {
        Mode::Detail => detail(view, style, frame, body),
        Mode::Table | Mode::Filter => table(view, style, frame, body),
    }
    if below > 0 {
        let lines: Vec<Line<'_>> = view.events.iter().map(|event| Line::from(event.as_str())).collect();
        frame.render_widget(Paragraph::new(lines).block(Block::new().borders(Borders::TOP)), events);
    }
    frame.render_widget(Paragraph::new(footer(view, style)), foot);
}

/// Headings.
const HEAD: Style = Style::new().add_modifier(Modifier::BOLD);

/// Colours where they are wanted, weight where they are not.
#[derive(Clone, Copy)]
struct Look {
    is_coloured: bool,
}

impl Look {
    fn coloured(self, color: Color) -> Style {
        if self.is_coloured { Style::new().fg(color) } else { Style::new() }
    }

    fn health(self, score: u8) -> Style {
        match score {
            90.. => self.coloured(Color::Green),
            60.. => self.coloured(Color::Yellow),
            _ => self.coloured(Color::Red).add_modifier(Modifier::BOLD),
        }
    }

    fn faint(self) -> Style {
        if self.is_coloured { Style::new().add_modifier(Modifier::DIM) } else { Style::new() }
    }
}

fn header(view: &View, look: Look) -> Line<'static> {
    let process = &view.process;
    if process.is_null() {
        // Nothing is known yet, which is no bad health.
        return Line::raw("waiting for the process to answer");
    }
    let number = |key: &str| process[key].as_u64();
    let health = number("health").and_then(|health| u8::try_from(health).ok()).unwrap_or(0);
    let mut parts = vec![
        Span::styled(format!("health {health}"), look.health(health)),
        Span::raw(format!("  {} services", view.total)),
    ];
    if let Some(up) = number("uptime_us") {
        parts.push(Span::raw(format!("  up {}", age(up))));
    }
    if let Some(level) =
        process["shedding_level"].as_str().filter(|level| *level != "nothing" && !level.is_empty())
    {
        parts.push(Span::styled(format!("  sheds {level}"), look.health(0)));
    }
    if let Some(count) = number("overrides_active").filter(|count| *count > 0) {
        parts.push(Span::styled(format!("  {count} overrides"), look.health(70)));
    }
    if process["last_reload_refused"].as_bool() == Some(true) {
        parts.push(Span::styled("  last reload refused", look.health(0)));
    }
    if process["statistics_off_by"].is_string() {
        parts.push(Span::styled("  calls are not counted", look.health(70)));
    }
    if let Some(count) = number("findings").filter(|count| *count > 0) {
        parts.push(Span::raw(format!("  {count} findings")));
    }
    Line::from(parts)
}

fn footer(view: &View, look: Look) -> Line<'static> {
    if let Some(trouble) = &view.trouble {
        return Line::styled(trouble.clone(), look.health(0));
    }
    if view.mode == Mode::Filter {
        return Line::from(vec![Span::styled("filter: ", HEAD), Span::raw(format!("{}▏", view.filter))]);
    }
    let filter = if view.filter.is_empty() { String::new() } else { format!("  filter `{}`", view.filter) };
    Line::styled(format!("{HELP}  by {}{filter}", view.sort.name()), look.faint())
}

fn table(view: &View, look: Look, frame: &mut Frame<'_>, area: Rect) {
    let columns: Vec<&Column> = COLUMNS.iter().filter(|(_, _, from, _)| area.width >= *from).collect();
    let has_reasons = area.width >= 180;
    let rows = view.shown();
    let mut titles = vec!["SERVICE".to_owned()];
    titles.extend(columns.iter().map(|(title, width, ..)| right(title, *width)));
    let mut widths = vec![if has_reasons { Constraint::Length(30) } else { Constraint::Min(16) }];
    widths.extend(columns.iter().map(|(_, width, ..)| Constraint::Length(*width)));
    // What the columns before them leave, each with a space behind it.
    let taken: u16 = columns.iter().map(|(_, width, ..)| width + 1).sum();
    let room = usize::from(area.width.saturating_sub(30 + 1 + taken));
    if has_reasons {
        titles.push("REASONS".to_owned());
        widths.push(Constraint::Fill(1));
    }
    let lines = rows.iter().map(|row| {
        let mut cells = vec![row.name.clone()];
        cells.extend(columns.iter().map(|(_, width, _, cell)| right(&cell(row), *width)));
        if has_reasons {
            cells.push(clipped(row.reasons.join(", "), room));
        }
        Line_::new(cells).style(look.health(row.health))
    });
    let table = Table::new(lines, widths)
        .header(Line_::new(titles).style(HEAD))
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let place = if rows.is_empty() { None } else { Some(view.place(&rows)) };
    let mut state = TableState::default().with_selected(place);
    frame.render_stateful_widget(table, area, &mut state);
}

/// A text that has no room says so at its end.
fn clipped(text: String, room: usize) -> String {
    if text.chars().count() <= room {
        text
    } else {
        text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
    }
}

/// Numbers stand at the right of their columns.
fn right(text: &str, width: u16) -> String {
    format!("{text:>width$}", width = usize::from(width))
}

fn bulkhead(of: Option<(u64, u64, u64)>) -> String {
    match of {
        None => "-".to_owned(),
        Some((runs, limit, 0)) => format!("{runs}/{limit}"),
        Some((runs, limit, waits)) => format!("{runs}/{limit}+{waits}"),
    }
}

fn detail(view: &View, look: Look, frame: &mut Frame<'_>, area: Rect) {
    let Some(row) = view.row() else {
        frame.render_widget(Paragraph::new("no service is chosen"), area);
        return;
    };
    let after = row
        .retry_after
        .map_or(String::new(), |time_left| format!(", asked again in {}", time(Some(time_left))));
    let facts = [
        ("health", row.health.to_string()),
        ("reasons", if row.reasons.is_empty() { "none".to_owned() } else { row.reasons.join(", ") }),
        ("kind", format!("{}, template {}", row.kind, row.template)),
        ("breaker", format!("{}{after}", row.breaker)),
        ("calls", format!("{} per second, {} in all, {} rejected", rate(row.rate), row.calls, row.rejected)),
        ("in flight", row.in_flight.to_string()),
        (
            "success",
            format!("{} of calls, {} of attempts", percent(row.success), percent(row.attempt_success)),
        ),
        ("times", format!("p50 {}, p95 {}, p99 {}", time(row.p50), time(row.p95), time(row.p99))),
        ("retries", format!("{} of calls", percent(row.retries))),
        (
            "budget",
            row.budget.map_or("off".to_owned(), |(has, most)| format!("{has:.1} of {most:.0} tokens")),
        ),
        ("bulkhead", if row.bulkhead.is_none() { "off".to_owned() } else { bulkhead(row.bulkhead) }),
    ];
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(facts.len());
    for (title, fact) in facts {
        // Further lines stand below the first word of the fact, and not below its title.
        let mut title = title;
        for part in folded(&fact, usize::from(area.width.saturating_sub(12)), 0).lines() {
            let title = std::mem::take(&mut title);
            lines.push(Line::from(vec![
                Span::styled(format!("{title:>10}  "), HEAD),
                Span::raw(part.to_owned()),
            ]));
        }
    }
    let title = Line::styled(format!(" {} ", row.name), look.health(row.health));
    let block = Block::new().borders(Borders::TOP).title(title);
    frame.render_widget(Paragraph::new(lines).block(block).wrap(Wrap { trim: false }), area);
}
