//! Decides which lines of a text are shown around a fault. In: a text and a place in it. Out: the few lines to show. What is kept
//! of a refused text is its excerpts: it may be long, its lines may be, and the renderer takes its time and memory for all that it
//! is given.

use std::ops::Range;

use crate::config::lines::breaks;
use crate::sorted::sort;

/// A longer line is cut on both sides of what is shown.
const LONG_LINE: usize = 200;

/// How much of a long line is shown before and from the place on.
const BEFORE: usize = 40;
const FROM: usize = 100;

/// Two places that are further apart than this, or a value that is longer, are not shown in one piece.
const LONG_PIECE: usize = 2_000;

/// Where an offset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    line_start: usize,
}

/// Lines of a text with places in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub source: String,
    /// The line that it begins with.
    pub first_line: u32,
    /// What it shows.
    pub span: Range<usize>,
    /// What it shows beside it.
    pub also: Option<Range<usize>>,
    /// Line and column of the place in the text.
    pub spot: Spot,
}

/// Where offsets of a text are, in their order.
#[derive(Debug)]
pub struct Spots(Vec<(usize, Spot)>);

impl Spots {
    /// Where an offset is that was asked for.
    pub(crate) fn at(&self, offset: usize) -> Option<Spot> {
        let place = self.0.binary_search_by_key(&offset, |(offset, _)| *offset).ok()?;
        Some(self.0[place].1)
    }
}

/// Where offsets are, in one pass through the text.
pub fn spots(text: &str, mut offsets: Vec<usize>) -> Spots {
    sort(&mut offsets, usize::cmp);
    offsets.dedup();
    let mut spot = Spot { line: 1, column: 1, line_start: 0 };
    let mut at = 0;
    let mut spots = Vec::with_capacity(offsets.len());
    for offset in offsets {
        let passed = text.get(at..offset).unwrap_or_default();
        if let Some(last) = passed.rfind('\n') {
            spot =
                Spot { line: spot.line.saturating_add(breaks(passed)), column: 1, line_start: at + last + 1 };
            at = spot.line_start;
        }
        let passed = text.get(at..offset).unwrap_or_default();
        let count = passed.chars().count();
        spot.column = spot.column.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        at = offset;
        spots.push((offset, spot));
    }
    Spots(spots)
}

/// What to show of a place, and of another that belongs to it: one piece where they are near, or else one each.
pub fn excerpts(
    text: &str,
    (spot, span): (Spot, Range<usize>),
    also: Option<(Spot, Range<usize>)>,
) -> (Excerpt, Option<Excerpt>) {
    let Some((also_spot, also)) = also else {
        return (piece(text, spot, span), None);
    };
    let first = if also.start < span.start { also_spot } else { spot };
    let window = first.line_start..line_end(text, span.end.max(also.end));
    if is_short(text, window.clone()) {
        let within = |span: Range<usize>| span.start - window.start..span.end - window.start;
        let whole = Excerpt {
            source: text.get(window.clone()).unwrap_or_default().to_owned(),
            first_line: first.line,
            span: within(span),
            also: Some(within(also)),
            spot,
        };
        return (whole, None);
    }
    (piece(text, spot, span), Some(piece(text, also_spot, also)))
}

/// The lines of one place.
fn piece(text: &str, spot: Spot, span: Range<usize>) -> Excerpt {
    let window = spot.line_start..line_end(text, span.end);
    if is_short(text, window.clone()) {
        let source = text.get(window.clone()).unwrap_or_default().to_owned();
        let span = span.start - window.start..span.end - window.start;
        return Excerpt { source, first_line: spot.line, span, also: None, spot };
    }
    // Its first line only, and of that what is near.
    let end = line_end(text, span.start);
    let line = text.get(span.start..end).unwrap_or_default();
    let (from, is_cut) = first_chars(line, FROM);
    let before = text.get(spot.line_start..span.start).unwrap_or_default();
    let (before, begins_cut) = last_chars(before, BEFORE);
    let mut source = String::new();
    source.push_str(if begins_cut { "…" } else { "" });
    source.push_str(before);
    let start = source.len();
    source.push_str(from);
    let end = start + span.len().min(from.len());
    source.push_str(if is_cut { "…" } else { "" });
    Excerpt { source, first_line: spot.line, span: start..end, also: None, spot }
}

/// Where the line of an offset ends.
fn line_end(text: &str, offset: usize) -> usize {
    let rest = text.as_bytes().get(offset..).unwrap_or_default();
    offset + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

fn is_short(text: &str, window: Range<usize>) -> bool {
    window.len() <= LONG_PIECE
        && text.get(window).is_some_and(|piece| piece.lines().all(|line| line.len() <= LONG_LINE))
}

fn first_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().nth(count) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), true),
        None => (text, false),
    }
}

fn last_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().nth_back(count) {
        Some((at, letter)) => (text.get(at + letter.len_utf8()..).unwrap_or_default(), true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(text: &str, offset: usize) -> Spot {
        spots(text, vec![offset]).at(offset).expect("it was asked for")
    }

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let text = "a = 1\nü = 2\n";
        let offsets = vec!["a = 1\nü".len(), 0, 4, 6, text.len(), 4];
        let found: Vec<(u32, u32)> =
            spots(text, offsets).0.iter().map(|(_, spot)| (spot.line, spot.column)).collect();
        assert_eq!(found, [(1, 1), (1, 5), (2, 1), (2, 2), (3, 1)]);
    }

    #[test]
    fn places_that_are_near_are_shown_together_and_others_apart() {
        let near = "a = 1\nb = 2\nc = 3\n";
        let (whole, rest) = excerpts(near, (spot(near, 12), 12..13), Some((spot(near, 0), 0..1)));
        assert_eq!((whole.source.as_str(), whole.first_line), ("a = 1\nb = 2\nc = 3", 1));
        assert_eq!((whole.span, whole.also, rest), (12..13, Some(0..1), None));

        let far = format!("a = 1\n{}c = 3\n", "# filler\n".repeat(1_000));
        let at = far.len() - 6;
        let (one, other) = excerpts(&far, (spot(&far, at), at..at + 1), Some((spot(&far, 0), 0..1)));
        assert_eq!((one.source.as_str(), one.first_line, one.span), ("c = 3", 1_002, 0..1));
        assert_eq!(other.map(|other| (other.source, other.first_line)), Some(("a = 1".to_owned(), 1)));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}x = {}\n", "ü".repeat(10_000), "y".repeat(10_000));
        let at = 20_000;
        let (cut, _) = excerpts(&line, (spot(&line, at), at..line.len() - 1), None);
        assert_eq!(cut.source, format!("…{}x = {}…", "ü".repeat(40), "y".repeat(96)));
        assert_eq!(&cut.source[cut.span.clone()], format!("x = {}", "y".repeat(96)));
        assert_eq!((cut.spot.line, cut.spot.column), (1, 10_001));
    }

    #[test]
    fn of_a_value_of_many_lines_the_first_is_shown() {
        let text = format!("a = [\n{}]\n", "  1,\n".repeat(1_000));
        let (cut, _) = excerpts(&text, (spot(&text, 4), 4..text.len() - 1), None);
        assert_eq!((cut.source.as_str(), cut.span), ("a = [", 4..5));
    }
}
