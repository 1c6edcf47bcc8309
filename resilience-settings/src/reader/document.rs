//! Collects the faults of a text, places each in its line, and gives the verdict. In: a text and the faults found in it. Out: the
//! line of any place, and the verdict: data or an error. Stands apart from the readers so that none of them can forget to place a
//! fault, and that no text has more of them than anybody reads.

use std::ops::Range;
use std::sync::Arc;

use toml_parser::{ErrorSink, ParseError, Span};

use crate::config::error::ConfigError;
use crate::config::excerpt::spots;
use crate::config::fault::Fault;
use crate::config::limits::MAX_FAULTS;
use crate::config::lines::breaks;
use crate::reader::toml::{message, remedy};
use crate::sorted::sort;

/// A configuration text with its name and the faults found so far.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(crate) origin: Arc<str>,
    text: &'t str,
    /// An offset and its line; both only grow.
    cursor: (usize, u32),
    /// The first faults of the text, and some that will turn out not to be among them.
    faults: Vec<Fault>,
    count: usize,
    /// A fault that begins here or later is not among the first.
    horizon: usize,
    is_toml: bool,
    /// Where the line of the last syntax error ends. Behind the first one of a line the parser guesses.
    broken_to: usize,
}

impl<'t> Document<'t> {
    pub(crate) fn new(text: &'t str, origin: &str) -> Self {
        Self {
            origin: origin.into(),
            text,
            cursor: (0, 1),
            faults: Vec::new(),
            count: 0,
            horizon: usize::MAX,
            is_toml: true,
            broken_to: 0,
        }
    }

    /// Goes on to a statement, of which the line is known.
    pub(crate) fn go_on_to(&mut self, offset: usize, line: u32) {
        self.cursor = (offset, line);
    }

    /// The line of an offset within the statement. They are asked for in their order: none is counted through twice.
    pub(crate) fn line(&mut self, offset: usize) -> u32 {
        let (at, line) = self.cursor;
        if offset > at {
            let passed = self.text.get(at..offset).unwrap_or_default();
            self.cursor = (offset, line.saturating_add(breaks(passed)));
        }
        self.cursor.1
    }

    /// Whether a number stands there.
    pub(crate) fn is_number(&self, span: Range<usize>) -> bool {
        let first = self.text.get(span).unwrap_or_default().trim_start_matches('+').chars().next();
        first.is_some_and(|first| first.is_ascii_digit())
    }

    /// Whether the span goes over several lines.
    pub(crate) fn has_several_lines(&self, span: Range<usize>) -> bool {
        self.text.get(span).is_some_and(|text| text.contains('\n'))
    }

    /// What stands at the span, on one line, cut where it would fill the screen.
    pub(crate) fn written(&self, span: Range<usize>) -> String {
        const SHOWN: usize = 60;
        let mut shown = String::new();
        let mut length = 0;
        for word in self.text.get(span).unwrap_or_default().split_whitespace() {
            let gap = (length > 0).then_some(' ');
            for letter in gap.into_iter().chain(word.chars()) {
                if length == SHOWN {
                    shown.push('…');
                    return shown;
                }
                shown.push(letter);
                length += 1;
            }
        }
        shown
    }

    /// Takes a fault.
    pub(crate) fn report(&mut self, fault: Fault) {
        let start = fault.span.as_ref().map_or(0, |span| span.start);
        self.report_at(start, |_| fault);
    }

    /// Takes a fault that begins there. It is put into words only if it may be among the first: of a text with a million
    /// faults nobody reads more.
    pub(crate) fn report_at(&mut self, start: usize, fault: impl FnOnce(&mut Self) -> Fault) {
        self.count_one();
        if !self.wants(start) {
            return;
        }
        let fault = fault(self);
        self.keep(fault);
    }

    fn keep(&mut self, mut fault: Fault) {
        if let Some(span) = &mut fault.span {
            // Whole characters, and nothing behind the end: that could not be shown.
            let end = self.text.ceil_char_boundary(span.end.min(self.text.len()));
            *span = self.text.floor_char_boundary(span.start.min(end))..end;
        }
        self.faults.push(fault);
        if self.faults.len() == 2 * MAX_FAULTS {
            self.keep_first();
            self.horizon = self.faults.last().map_or(usize::MAX, start_of);
        }
    }

    /// Whether a fault that begins there may be among the first.
    pub(crate) fn wants(&self, start: usize) -> bool {
        start < self.horizon
    }

    /// Counts a fault that is not among the first.
    pub(crate) fn count_one(&mut self) {
        self.count += 1;
    }

    /// Takes a key that is written a second time.
    pub(crate) fn report_twice(&mut self, span: Range<usize>) {
        self.report_error(ParseError::new("duplicate key").with_unexpected(span_of(&span)));
    }

    fn keep_first(&mut self) {
        sort(&mut self.faults, |one, other| start_of(one).cmp(&start_of(other)));
        self.faults.truncate(MAX_FAULTS);
    }

    /// Whether nothing is wrong with the text as TOML.
    pub(crate) fn is_toml(&self) -> bool {
        self.is_toml
    }

    /// The verdict: what was read, or the first faults in the order of the text.
    pub(crate) fn finish<T>(mut self, read: T) -> Result<T, ConfigError> {
        if self.count == 0 {
            return Ok(read);
        }
        self.keep_first();
        let spots = spots(self.text, self.faults.iter().flat_map(Fault::offsets).collect());
        for fault in &mut self.faults {
            fault.find_place(self.text, &spots);
        }
        Err(ConfigError::in_text(self.origin, self.faults, self.count, self.is_toml))
    }
}

impl ErrorSink for Document<'_> {
    fn report_error(&mut self, error: ParseError) {
        let span = error.unexpected().or(error.context()).map(|span| span.start()..span.end());
        let span = span.unwrap_or(self.cursor.0..self.cursor.0);
        if span.start < self.broken_to {
            return;
        }
        self.is_toml = false;
        let rest = self.text.as_bytes().get(span.start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        self.broken_to = span.start + length.max(1);
        let opening = self.opening(&error, &span);
        let place = opening.clone().unwrap_or(span);
        self.report_at(place.start, |document| {
            let help = remedy(document.text, place.start, &error);
            let mut fault = Fault::new("", place, message(&error));
            fault.help = help;
            if opening.is_some() { fault.label("opened here, and closed nowhere") } else { fault }
        });
    }
}

impl Document<'_> {
    /// Where that stands which is not closed, if that is what is wrong and it is in a line above: where it is missed nobody
    /// has written anything wrong.
    fn opening(&self, error: &ParseError, missed: &Range<usize>) -> Option<Range<usize>> {
        let start = error.context().map(|context| context.start()).filter(|start| *start < missed.start)?;
        // The cheap question first: a long list may have an error in each line.
        let is_at_end = || self.text.get(missed.start..).is_none_or(|rest| rest.trim_start().is_empty());
        if !error.description().starts_with("unclosed") && !is_at_end() {
            return None;
        }
        let is_above = self.text.get(start..missed.start).is_some_and(|between| between.contains('\n'));
        let opening = self.text.get(start..).unwrap_or_default();
        let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| opening.starts_with(quotes));
        is_above.then(|| start..start + quotes.map_or(1, str::len))
    }
}

fn start_of(fault: &Fault) -> usize {
    fault.span.as_ref().map_or(0, |span| span.start)
}

fn span_of(span: &Range<usize>) -> Span {
    Span::new_unchecked(span.start, span.end)
}
