//! The text under reading: turns byte offsets into lines, collects the faults, and ends in a verdict. Stands
//! apart from the readers so that none of them can forget to place a fault.

use std::ops::Range;
use std::sync::Arc;

use super::error::ConfigError;
use super::fault::Fault;

/// A configuration text with its name and the faults found so far.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) origin: Arc<str>,
    text: &'t str,
    line_starts: Vec<usize>,
    faults: Vec<Fault>,
}

impl<'t> Document<'t> {
    pub(super) fn new(text: &'t str, origin: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            origin: origin.into(),
            text,
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            faults: Vec::new(),
        }
    }

    /// Line and column of a byte offset, both from 1.
    pub(super) fn position(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.lines_to(offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (narrow(line), narrow(column))
    }

    pub(super) fn line(&self, offset: usize) -> u32 {
        narrow(self.lines_to(offset.min(self.text.len())))
    }

    /// How many lines begin up to there.
    fn lines_to(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// What stands at the span, on one line, cut where it would fill the screen.
    pub(super) fn written(&self, span: Range<usize>) -> String {
        const SHOWN: usize = 60;
        let written = self.text.get(span).unwrap_or_default();
        let on_one_line = written.split_whitespace().collect::<Vec<_>>().join(" ");
        if on_one_line.chars().count() <= SHOWN {
            return on_one_line;
        }
        let shown: String = on_one_line.chars().take(SHOWN).collect();
        format!("{shown}…")
    }

    /// Takes a fault, and fills in its line and column.
    pub(super) fn report(&mut self, mut fault: Fault) {
        if let Some(span) = &mut fault.span {
            // A fault at the end of the text has an empty span behind it, which cannot be shown.
            let end = span.end.min(self.text.len());
            *span = span.start.min(end)..end;
            (fault.line, fault.column) = self.position(span.start);
        }
        self.faults.push(fault);
    }

    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Whether the syntax error broke a `[header]`: then everything below it stands in the wrong table.
    pub(super) fn is_misplaced(&self) -> bool {
        self.faults.iter().filter(|fault| fault.syntax).any(|fault| {
            let start = self.line_starts.get(fault.line.saturating_sub(1) as usize);
            let line = start.and_then(|start| self.text.get(*start..)).unwrap_or_default();
            line.trim_start().starts_with('[')
        })
    }

    /// The verdict: what was read, or every fault in the order of the text.
    pub(super) fn finish<T>(self, read: T) -> Result<T, ConfigError> {
        if self.faults.is_empty() {
            return Ok(read);
        }
        let Self { origin, text, mut faults, .. } = self;
        faults.sort_by_key(|fault| (fault.line, !fault.syntax, fault.column));
        // Behind the first syntax error of a line the parser guesses: further errors there follow from it,
        // and a value without a place was never written.
        let mut broken = None;
        faults.retain(|fault| {
            let follows = broken == Some(fault.line);
            if fault.syntax {
                broken = Some(fault.line);
            }
            !follows && (fault.syntax || fault.span.as_ref().is_none_or(|span| !span.is_empty()))
        });
        Err(ConfigError::in_text(origin, text, faults))
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let document = Document::new("a = 1\nü = 2\n", "x.toml");
        assert_eq!(document.position(0), (1, 1));
        assert_eq!(document.position(4), (1, 5));
        assert_eq!(document.position(6), (2, 1));
        assert_eq!(document.position("a = 1\nü".len()), (2, 2));
        assert_eq!(document.position(9999), (3, 1));
    }

    #[test]
    fn long_values_are_quoted_on_one_line_and_cut() {
        let list = "[\n  1,\n  2,\n]";
        assert_eq!(Document::new(list, "x.toml").written(0..list.len()), "[ 1, 2, ]");
        let long = "ü".repeat(99);
        let shown = Document::new(&long, "x.toml").written(0..long.len());
        assert_eq!(shown, format!("{}…", "ü".repeat(60)));
    }
}
