//! The figures as Markdown tables: a row for each case, its figures side by side.

use std::fmt::Write as _;

use crate::figures::{Figures, is_ours};
use crate::number::shown;

/// A column: its metric and its heading.
type Column = (&'static str, &'static str);

const CALLS: &[Column] = &[
    ("wall_min", "ns, best"),
    ("wall_median", "ns, median"),
    ("instructions", "instructions"),
    ("allocations", "allocations"),
    ("allocated_bytes", "bytes allocated"),
];

const CONTENTION: &[Column] = &[
    ("throughput_1_median", "1 thread"),
    ("throughput_2_median", "2 threads"),
    ("throughput_2_near", "2, cores near"),
    ("throughput_2_far", "2, cores far"),
    ("scaling", "2 over 1"),
];

pub(crate) fn all(figures: &Figures) -> String {
    let mut text = String::new();
    text += &compared(figures, "One call, in nanoseconds and instructions", CALLS);
    text += &contention(figures);
    text += &pivot(figures, "Calls while a file of 1,000 services is reloaded", "reload", None);
    text += &listed(figures, "Memory", &["memory"]);
    text +=
        &listed(figures, "Size of futures, beyond those of the plain functions", &["future beyond plain"]);
    text += &listed(figures, "A registry of many services", &["registry"]);
    text += &pivot(figures, "Builds of 300 functions", "compile", None);
    text += &pivot(figures, "Builds, each function beyond a plain one", "compile beyond plain", None);
    text +=
        &pivot(figures, "Code size", "code size", Some("Retry alone by hand; ours is all of the engine."));
    text
}

/// Ours beside the peers, a table for each group; a row for each case, the fastest first.
fn compared(figures: &Figures, title: &str, columns: &[Column]) -> String {
    let metrics: Vec<&str> = columns.iter().map(|(metric, _)| *metric).collect();
    let groups = figures.groups(&metrics);
    let mut text = heading(title, groups.is_empty());
    for group in groups {
        let headings: Vec<&str> = columns.iter().map(|(_, heading)| *heading).collect();
        let _ = write!(text, "### {group}\n\n| | {} | configured |\n| --- |", headings.join(" | "));
        text += &" ---: |".repeat(columns.len());
        text += " --- |\n";
        let mut cases = figures.cases(&metrics, group);
        let rank = |case: &str| {
            let first = columns.iter().find_map(|(metric, _)| figures.find(metric, group, case));
            first.unwrap_or(f64::INFINITY)
        };
        cases.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        for case in cases {
            let cells = metrics.iter().map(|metric| cell(figures.find(metric, group, case)));
            let note = metrics.iter().find_map(|metric| {
                figures.of_group(metric, group).find(|row| row.case == case).map(|row| row.note.as_str())
            });
            let _ = writeln!(text, "| {} | {} | {} |", name(case), join(cells), note.unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

/// Throughput of one thread and two, on one service and on one for each task.
fn contention(figures: &Figures) -> String {
    let metrics: Vec<&str> = CONTENTION.iter().map(|(metric, _)| *metric).collect();
    let groups = figures.groups(&metrics);
    let mut text = heading("Two threads, in million calls per second", groups.is_empty());
    if groups.is_empty() {
        return text;
    }
    text += "64 tasks. The last three columns are of 64 services, one for each task.\n\n| | |";
    for (_, heading) in CONTENTION {
        let _ = write!(text, " {heading} |");
    }
    text += " 1 thread, apart | 2 threads, apart | 2 over 1, apart |\n| --- | --- |";
    text += &" ---: |".repeat(CONTENTION.len() + 3);
    text.push('\n');
    for group in groups {
        for case in figures.cases(&metrics, group) {
            let apart = ["throughput_1_median", "throughput_2_median", "scaling"];
            let cells = metrics.iter().map(|metric| cell(figures.find(metric, group, case)));
            let apart = apart.iter().map(|metric| cell(figures.find_apart(metric, group, case)));
            let _ = writeln!(text, "| {group} | {} | {} |", name(case), join(cells.chain(apart)));
        }
    }
    text.push('\n');
    text
}

/// The cases of a metric as columns, its groups as rows.
fn pivot(figures: &Figures, title: &str, metric: &str, note: Option<&str>) -> String {
    let groups = figures.groups(&[metric]);
    let mut text = heading(title, groups.is_empty());
    let mut cases: Vec<&str> = Vec::new();
    for group in &groups {
        for case in figures.cases(&[metric], group) {
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
    }
    if groups.is_empty() {
        return text;
    }
    let names: Vec<String> = cases.iter().map(|case| name(case)).collect();
    let _ =
        write!(text, "| | {} | unit |\n| --- |{} --- |\n", names.join(" | "), " ---: |".repeat(cases.len()));
    for group in groups {
        let cells = cases.iter().map(|case| cell(figures.find(metric, group, case)));
        let unit = figures.of_group(metric, group).next().map(|row| row.unit.as_str()).unwrap_or_default();
        let _ = writeln!(text, "| {group} | {} | {unit} |", join(cells));
    }
    text.push('\n');
    if let Some(note) = note {
        let _ = write!(text, "{note}\n\n");
    }
    text
}

/// Figures that stand alone, each with its unit and note.
fn listed(figures: &Figures, title: &str, metrics: &[&str]) -> String {
    let groups = figures.groups(metrics);
    let mut text = heading(title, groups.is_empty());
    if groups.is_empty() {
        return text;
    }
    text += "| | | | unit | |\n| --- | --- | ---: | --- | --- |\n";
    for row in metrics.iter().flat_map(|metric| figures.of_metric(metric)) {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            row.group,
            row.case,
            shown(row.value),
            row.unit,
            row.note
        );
    }
    text.push('\n');
    text
}

fn heading(title: &str, is_empty: bool) -> String {
    if is_empty { String::new() } else { format!("## {title}\n\n") }
}

fn name(case: &str) -> String {
    if is_ours(case) { format!("**{case}**") } else { case.to_owned() }
}

fn cell(value: Option<f64>) -> String {
    value.map(shown).unwrap_or_default()
}

fn join(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use benches::row::Row;

    #[test]
    fn the_metrics_of_a_case_stand_side_by_side_and_the_fastest_comes_first() {
        let figures = Figures::of(vec![
            Row::new("wall_min", "retry", "backon", 14.0, "ns/call").note("2 retries"),
            Row::new("wall_min", "retry", "ours", 12.0, "ns/call").note("3 attempts"),
            Row::new("instructions", "retry", "backon", 110.0, "1/call"),
        ]);
        let text = all(&figures);
        let ours = text.find("| **ours** | 12 |  |  |  |  | 3 attempts |").expect("ours");
        let backon = text.find("| backon | 14 |  | 110 |  |  | 2 retries |").expect("backon");
        assert!(ours < backon);
        assert!(!text.contains("Memory"), "what was not measured has no table:\n{text}");
    }
}
