//! The table as a terminal shows it, at 80 and at 200 columns.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};
use serde_json::{Value, json};

use super::draw::draw;
use super::keys::{Flow, press};
use super::plain;
use super::view::{Mode, Sort, View};

fn service(name: &str, health: u8, state: &str, rate: f64, p99: u64) -> Value {
    json!({
        "name": name, "kind": "database", "template": "database",
        "health": {"score": health, "reasons": if health < 90 { vec!["breaker open", "dependency: 46% of attempts fail"] } else { vec![] }},
        "calls": {"in_flight": 4, "success": 100, "failure": 20, "rejected": 3},
        "windows": {"one_minute": {"calls_per_second": rate, "success_rate": f64::from(health) / 100.0, "attempt_success_rate": 0.5,
            "retry_rate": 0.25, "p50_us": 380, "p95_us": 1_600_000, "p99_us": p99}},
        "breaker": {"on": true, "state": state, "retry_after_us": 3_200_000},
        "budget": {"tokens": 0.5, "capacity": 10.0},
        "bulkhead": {"in_flight": 1, "limit": 8, "queue_depth": 2},
    })
}

fn view() -> View {
    let mut view = View::default();
    view.take(&json!({
        "full": true, "total": 3,
        "process": {"health": 20, "uptime_us": 90_000_000, "shedding_level": "low", "overrides_active": 1, "findings": 0},
        "services": [
            service("postgres", 100, "closed", 1_234.0, 42_000),
            service("claude\u{1b}[2J\u{202e}", 20, "open", 13.0, 4_100_000),
            service("redis", 75, "half_open", 9.5, 900),
        ],
    }));
    view
}

fn frame(view: &View, is_coloured: bool, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    terminal.draw(|frame| draw(view, is_coloured, frame)).expect("drawn");
    terminal.backend().buffer().clone()
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let symbols: Vec<&str> = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
    symbols.chunks(width).map(|line| line.concat().trim_end().to_owned()).collect()
}

fn keys(view: &mut View, codes: &[KeyCode]) -> Flow {
    codes.iter().fold(Flow::On, |_, code| press(view, KeyEvent::new(*code, KeyModifiers::NONE)))
}

fn names(view: &View) -> Vec<String> {
    view.shown().iter().map(|row| row.name.clone()).collect()
}

#[test]
fn a_row_of_the_stream_has_what_changed_and_the_rest_stays_as_it_is_known() {
    let mut view = view();
    let before = view.shown().into_iter().find(|row| row.name == "redis").cloned().expect("a row");
    view.take(&json!({
        "full": false, "total": 3, "process": {"health": 20, "statistics_off_by": "[global] enable_global_metrics = false"},
        "services": [
            {"name": "redis", "calls": {"success": 101}, "windows": {"one_minute": {"p99_us": 950}}, "budget": null},
        ],
    }));
    let after = view.shown().into_iter().find(|row| row.name == "redis").cloned().expect("a row");
    let expected = super::row::Row { calls: before.calls + 1, p99: Some(950), budget: None, ..before };
    assert_eq!((after, view.shown().len()), (expected, 3));
    assert!(lines(&frame(&view, false, 80, 10))[0].ends_with("calls are not counted"));
}

#[test]
fn eighty_columns_have_the_weightiest_and_the_worst_stands_first() {
    let lines = lines(&frame(&view(), false, 80, 10));
    let expected = [
        "health 20  3 services  up 1m 30s  sheds low  1 overrides",
        "SERVICE               HEALTH       BREAKER CALLS/S     OK     P99 RETRIES",
        "claude\\u{1b}[2J\\u{202e}     20          open    13.0  20.0%   4.10s   25.0%",
        "redis                     75     half_open    9.50  75.0%   900µs   25.0%",
        "postgres                 100        closed    1234   100%  42.0ms   25.0%",
    ];
    for (line, expected) in lines.iter().zip(expected) {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(line), squeezed(expected), "{lines:#?}");
    }
    assert!(
        lines[9].starts_with("q quit  s sort  / filter  Enter detail") && lines[9].ends_with("by health"),
        "{lines:#?}"
    );
    assert!(lines.iter().all(|line| line.chars().count() <= 80));
}

#[test]
fn two_hundred_columns_have_all_of_them_and_the_reasons() {
    let lines = lines(&frame(&view(), false, 200, 10));
    for title in
        ["SERVICE", "HEALTH", "RUNS", "P50", "P95", "ATT.OK", "BUDGET", "BULKHEAD", "KIND", "REASONS"]
    {
        assert!(lines[1].contains(title), "no {title}: {lines:#?}");
    }
    assert!(
        lines[2].contains("0.5/10")
            && lines[2].contains("1/8+2")
            && lines[2].contains("breaker open, dependency"),
        "{lines:#?}"
    );
}

#[test]
fn what_has_no_room_says_so_in_a_column_and_goes_on_below_itself_in_a_detail() {
    let mut view = view();
    let reason =
        "a reason that is long enough for every terminal that anybody looks at tables on, ".repeat(3);
    view.take(&json!({"full": false, "total": 3, "services": [
        {"name": "redis", "health": {"score": 10, "reasons": [reason.trim_end_matches(", ")]}},
    ]}));
    let wide = lines(&frame(&view, false, 200, 10));
    assert!(wide[2].ends_with('…') && wide[2].chars().count() == 200, "{wide:#?}");
    press(&mut view, KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    let detail = lines(&frame(&view, false, 80, 20));
    let first =
        detail.iter().position(|line| line.starts_with("   reasons  a reason")).expect("a line of reasons");
    assert!(
        detail[first + 1].starts_with("            ") && !detail[first + 1].starts_with("             "),
        "{detail:#?}"
    );
}

#[test]
fn colours_are_there_when_they_are_wanted_and_weight_in_any_case() {
    let plain = frame(&view(), false, 80, 10);
    assert!(plain.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let coloured = frame(&view(), true, 80, 10);
    for color in [Color::Red, Color::Yellow, Color::Green] {
        assert!(coloured.content.iter().any(|cell| cell.fg == color), "no {color}");
    }
    for buffer in [plain, coloured] {
        assert!(
            buffer.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)),
            "the chosen row"
        );
    }
}

#[test]
fn keys_sort_filter_show_and_quit() {
    let mut view = view();
    assert_eq!(names(&view), ["claude\\u{1b}[2J\\u{202e}", "redis", "postgres"]);
    assert_eq!(keys(&mut view, &[KeyCode::Char('s')]), Flow::On);
    assert_eq!((view.sort, names(&view)[0].as_str()), (Sort::Rate, "postgres"));
    keys(&mut view, &[KeyCode::Char('s'), KeyCode::Char('s')]);
    assert_eq!((view.sort, names(&view)[2].as_str()), (Sort::P99, "redis"));
    keys(&mut view, &[KeyCode::Char('/'), KeyCode::Char('R'), KeyCode::Char('e'), KeyCode::Char('q')]);
    assert!(names(&view).is_empty() && view.mode == Mode::Filter, "a q is a letter here");
    keys(&mut view, &[KeyCode::Backspace, KeyCode::Enter]);
    assert_eq!(names(&view), ["postgres", "redis"]);
    assert!(lines(&frame(&view, false, 80, 10))[9].contains("filter `Re`"));
    keys(&mut view, &[KeyCode::Esc, KeyCode::Char('s'), KeyCode::End]);
    assert_eq!((view.sort, view.chosen.as_deref()), (Sort::Name, Some("redis")));
    keys(&mut view, &[KeyCode::Up, KeyCode::Enter]);
    let detail = lines(&frame(&view, false, 80, 20)).join("\n");
    for part in
        ["postgres", "times  p50 380µs, p95 1.60s, p99 42.0ms", "0.5 of 10 tokens", "123 in all, 3 rejected"]
    {
        assert!(detail.contains(part), "no {part}: {detail}");
    }
    keys(&mut view, &[KeyCode::Esc]);
    assert_eq!(view.mode, Mode::Table);
    assert_eq!(keys(&mut view, &[KeyCode::Char('q')]), Flow::Quit);
    let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    view.mode = Mode::Filter;
    assert_eq!(press(&mut view, interrupt), Flow::Quit);
}

#[test]
fn changed_rows_replace_their_own_and_a_full_snapshot_all() {
    let mut view = view();
    view.take(&json!({"full": false, "total": 3, "process": {}, "services": [service("redis", 100, "closed", 1.0, 1)]}));
    assert_eq!((view.shown().len(), view.total), (3, 3));
    assert!(view.shown().iter().any(|row| row.name == "redis" && row.health == 100));
    view.take(&json!({"full": true, "total": 1, "process": {}, "services": [service("new", 100, "closed", 1.0, 1)]}));
    assert_eq!(names(&view), ["new"]);
}

#[test]
fn rare_events_stand_below_the_table() {
    let mut view = view();
    let event = json!({"kind": "breaker", "service": "db\u{7}", "from": "closed", "to": "open"});
    for _ in 0..9 {
        view.hear(&event);
    }
    let shown = lines(&frame(&view, false, 80, 24));
    assert_eq!(shown.iter().filter(|line| line.contains("closed to open")).count(), 5, "{shown:#?}");
    let small = lines(&frame(&view, false, 80, 8));
    assert!(!small.join("\n").contains("closed to open"), "the table goes first: {small:#?}");
    view.trouble = Some("it is gone".to_owned());
    assert!(lines(&frame(&view, false, 80, 24))[23].contains("it is gone"));
}

#[test]
fn without_a_screen_reasons_that_do_not_fit_stand_below() {
    let view = view();
    let lines = |columns| plain::lines(&view, columns).into_iter().map(|(_, line)| line).collect::<Vec<_>>();
    let reasons = "breaker open, dependency: 46% of attempts fail";
    let wide = lines(200);
    assert_eq!(wide.len(), 4, "{wide:?}");
    assert!(wide[1].ends_with(&format!("25.0%  {reasons}")), "{wide:?}");
    let narrow = lines(80);
    assert_eq!((narrow.len(), narrow[2].as_str()), (6, &*format!("      {reasons}")), "{narrow:?}");
    assert!(narrow.iter().all(|line| line.chars().count() <= 84), "{narrow:?}");
    assert!(narrow[1].ends_with("25.0%") && narrow[5].ends_with("25.0%"), "{narrow:?}");
}

#[test]
fn what_is_not_known_yet_is_no_bad_health() {
    let first = lines(&frame(&View::default(), true, 80, 10));
    assert_eq!(first[0], "waiting for the process to answer");
}
