//! Reads and writes the file of pinned figures: a line for each, made by the program and read by people who look at its history.

use std::fmt::Write as _;
use std::path::Path;

use super::counts::Count;

const HEAD: &str = "\
# What ours may cost: metric, figure and case. `./test` compares, `./bench gates --pin` writes this file anew.
# instructions: per call, on x86_64 with AVX2, by callgrind; 2 % or 3 more fail, and so do 10 % fewer: then pin.
# allocations:  per call, exactly.
# future_bytes: of an annotated future beyond the plain one, exactly.
";

/// Reads the file.
pub(crate) fn read(path: &Path) -> Result<Vec<Count>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|line| format!("{}: not a metric, a figure and a case: `{line}`", path.display()))
}

/// Writes it anew.
pub(crate) fn write(path: &Path, counts: &[Count]) -> Result<(), String> {
    std::fs::write(path, text(counts)).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(counts: &[Count]) -> String {
    let mut text = HEAD.to_owned();
    for count in counts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{count}");
    }
    text
}

fn parse(text: &str) -> Result<Vec<Count>, &str> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| count(line).ok_or(line)).collect()
}

fn count(line: &str) -> Option<Count> {
    let mut fields = line.split('\t');
    let metric = fields.next()?.parse().ok()?;
    let value = fields.next()?.parse().ok()?;
    let case = fields.next()?.to_owned();
    fields.next().is_none().then_some(Count { metric, case, value })
}

#[cfg(test)]
mod tests {
    use super::super::counts::Metric;
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let count = |metric, case: &str, value| Count { metric, case: case.to_owned(), value };
        let counts = [
            count(Metric::Instructions, "full stack, ready/ours", 470.0),
            count(Metric::Allocations, "full stack, ready/ours", 0.001),
            count(Metric::FutureBytes, "trivial body", 160.0),
        ];
        assert_eq!(parse(&text(&counts)).unwrap(), counts);
    }

    #[test]
    fn other_lines_are_refused() {
        for line in
            ["instructions\t470", "instructions\tmany\ta/b", "ticks\t470\ta/b", "allocations\t0\ta/b\tc"]
        {
            assert_eq!(parse(line), Err(line));
        }
    }
}
