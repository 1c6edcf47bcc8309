//! All measured figures, and how one of them is found.

use std::fs;
use std::path::Path;

use benches::row::Row;

/// How the contention program says that the tasks of a case do not share a service.
const APART: &str = "64 services";

/// What was measured, in the order of the files and lines.
pub(crate) struct Figures(Vec<Row>);

impl Figures {
    /// Reads every `*.tsv` of the folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
        paths.sort();
        let mut rows: Vec<Row> = Vec::new();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            for line in text.lines() {
                let row: Row = line.parse().map_err(|error| format!("{}: {error}", path.display()))?;
                // The bare body is measured beside ours with statistics and beside ours without.
                if !rows.iter().any(|other| is_same(other, &row)) {
                    rows.push(row);
                }
            }
        }
        Ok(Self(rows))
    }

    #[cfg(test)]
    pub(crate) fn of(rows: Vec<Row>) -> Self {
        Self(rows)
    }

    /// One figure. Where the same case was measured on one service and on many, that of one.
    pub(crate) fn find(&self, metric: &str, group: &str, case: &str) -> Option<f64> {
        let row = self.of_group(metric, group).find(|row| row.case == case);
        row.map(|row| row.value)
    }

    /// As [`find`](Self::find), where each task has a service of its own.
    pub(crate) fn find_apart(&self, metric: &str, group: &str, case: &str) -> Option<f64> {
        let mut rows = self.0.iter().filter(|row| row.note.contains(APART));
        let row = rows.find(|row| row.metric == metric && row.group == group && row.case == case);
        row.map(|row| row.value)
    }

    /// The figures of a group on one service.
    pub(crate) fn of_group(&self, metric: &str, group: &str) -> impl Iterator<Item = &Row> {
        self.of_metric(metric).filter(move |row| row.group == group)
    }

    /// The figures of a metric on one service.
    pub(crate) fn of_metric(&self, metric: &str) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |row| row.metric == metric && !row.note.contains(APART))
    }

    /// The groups in which one of the metrics was measured, in order.
    pub(crate) fn groups(&self, metrics: &[&str]) -> Vec<&str> {
        distinct(
            self.0.iter().filter(|row| metrics.contains(&row.metric.as_str())).map(|row| row.group.as_str()),
        )
    }

    /// The cases of a group for which one of the metrics was measured, in order.
    pub(crate) fn cases(&self, metrics: &[&str], group: &str) -> Vec<&str> {
        let rows = self.0.iter().filter(|row| row.group == group && metrics.contains(&row.metric.as_str()));
        distinct(rows.map(|row| row.case.as_str()))
    }
}

/// Whether both say the same thing was measured.
fn is_same(one: &Row, other: &Row) -> bool {
    let place = |row: &Row| row.note.contains(APART);
    (&one.metric, &one.group, &one.case, place(one))
        == (&other.metric, &other.group, &other.case, place(other))
}

/// Whether the case is this library.
pub(crate) fn is_ours(case: &str) -> bool {
    case.starts_with("ours") || case == "annotated"
}

fn distinct<'t>(words: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_service_and_many_are_told_apart() {
        let row = |value, note| Row::new("scaling", "full stack, ready", "ours", value, "×").note(note);
        let figures =
            Figures::of(vec![row(1.9, "64 services; 9 samples"), row(1.2, "one service; 9 samples")]);
        assert_eq!(figures.find("scaling", "full stack, ready", "ours"), Some(1.2));
        assert_eq!(figures.find_apart("scaling", "full stack, ready", "ours"), Some(1.9));
        assert_eq!(figures.find("scaling", "full stack, ready", "theirs"), None);
        assert_eq!(figures.groups(&["scaling", "wall_min"]), ["full stack, ready"]);
    }
}
