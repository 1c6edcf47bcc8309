//! In: the tables of the report. Out: the same between the markers of the pages that users read, so that no figure
//! there is typed by hand.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::figures::{Figures, is_ours};
use crate::number::shown;

/// A page, from the root of the workspace, and what its markers are called.
type Place = (&'static str, &'static str);

const PAGE: Place = ("resilience-runtime/docs/performance.md", "table");
const README: Place = ("README.md", "figures");

const READY: &str = "full stack, ready";
const PENDING: &str = "full stack, pending once";

/// Puts all tables on the page about performance, and the row that says most in the README.
pub(crate) fn refresh(root: &Path, figures: &Figures, tables: &str) -> Result<(), String> {
    if figures.find("wall_min", READY, "ours").is_none() {
        return Err("nothing has been measured that a page could show; run `./bench` first".to_owned());
    }
    put(root, README, &summary(figures))?;
    put(root, PAGE, &demoted(tables))
}

fn put(root: &Path, (page, marker): Place, tables: &str) -> Result<(), String> {
    let path = root.join(page);
    let text = fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
    let text = replaced(&text, marker, tables).ok_or_else(|| format!("{page}: no markers `{marker}`"))?;
    fs::write(&path, text).map_err(|error| format!("{page}: {error}"))
}

/// The text with something else between its markers.
fn replaced(text: &str, marker: &str, tables: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {marker}:begin -->"), format!("<!-- {marker}:end -->"));
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", tables.trim()))
}

/// The tables below a heading of the page's own.
fn demoted(tables: &str) -> String {
    let mut text = String::new();
    for line in tables.lines() {
        let mark = if line.starts_with('#') { "#" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{mark}{line}");
    }
    text
}

/// Everything at once, ours beside the peers.
fn summary(figures: &Figures) -> String {
    const COLUMNS: [(&str, &str); 6] = [
        ("wall_min", READY),
        ("instructions", READY),
        ("allocations", READY),
        ("wall_min", PENDING),
        ("instructions", PENDING),
        ("scaling", READY),
    ];
    let mut text = String::from(
        "| one call | ns | instructions | allocations | ns when it waits | instructions when it waits | two threads \
         over one |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for case in figures.cases(&["wall_min"], READY) {
        let name = if is_ours(case) { format!("**{case}**") } else { case.to_owned() };
        let cells = COLUMNS
            .map(|(metric, group)| figures.find(metric, group, case).map_or_else(|| "–".to_owned(), shown));
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use benches::row::Row;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced_and_again_the_same_way() {
        let page = "# A\n\n<!-- table:begin -->\nold\n<!-- table:end -->\n\nend\n";
        let once = replaced(page, "table", "\nnew\n\n").expect("markers");
        assert_eq!(once, "# A\n\n<!-- table:begin -->\n\nnew\n\n<!-- table:end -->\n\nend\n");
        assert_eq!(replaced(&once, "table", "new"), Some(once.clone()));
        assert_eq!(replaced(page, "figures", "new"), None);
    }

    #[test]
    fn headings_go_one_level_down_and_rows_stay() {
        assert_eq!(demoted("## A\n\n| # |\n### b\n"), "### A\n\n| # |\n#### b\n");
    }

    #[test]
    fn the_summary_has_a_row_for_each_case_and_a_dash_for_what_was_not_measured() {
        let row = |metric, group, case, value| Row::new(metric, group, case, value, "");
        let figures = Figures::of(vec![
            row("wall_min", READY, "ours", 40.0),
            row("wall_min", READY, "by hand", 120.0),
            row("wall_min", PENDING, "ours", 90.0),
        ]);
        let text = summary(&figures);
        assert!(text.contains("| **ours** | 40 | – | – | 90 | – | – |\n"), "{text}");
        assert!(text.contains("| by hand | 120 | – | – | – | – | – |\n"), "{text}");
    }

    #[test]
    fn the_pages_have_their_markers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        for (page, marker) in [PAGE, README] {
            let text = fs::read_to_string(root.join(page)).expect(page);
            assert!(replaced(&text, marker, "").is_some(), "{page}");
        }
    }
}
