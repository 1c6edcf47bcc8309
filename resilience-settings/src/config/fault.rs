//! Data: one fault of a configuration text: where it stands, what is wrong, and the remedy.

use std::ops::Range;

use crate::config::excerpt::{Excerpt, Spots, excerpts};
use crate::printable::printable;

/// One fault in a configuration text.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    pub(crate) span: Option<Range<usize>>,
    pub(crate) also: Option<(Range<usize>, String)>,
    /// What is shown of the text, and of the place that belongs to it when that is far away.
    pub(crate) excerpts: Option<(Excerpt, Option<Excerpt>)>,
}

impl Fault {
    /// The dotted path of the key, such as `services.search.base_delay`; empty for syntax errors.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from 1; 0 when the settings did not come from a text.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column in characters, from 1; 0 when the settings did not come from a text.
    pub fn column(&self) -> u32 {
        self.column
    }

    /// What is wrong, in one sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to write instead, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    pub(crate) fn new(path: impl Into<String>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            message: printable(message.into()),
            label: String::new(),
            help: None,
            span: Some(span),
            also: None,
            excerpts: None,
        }
    }

    pub(crate) fn without_text(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::new(path, 0..0, message) }
    }
}

impl Fault {
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(printable(help.into()));
        self
    }

    pub(crate) fn also(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.also = Some((span, label.into()));
        self
    }

    /// The offsets whose lines it has to know.
    pub(crate) fn offsets(&self) -> impl Iterator<Item = usize> {
        let also = self.also.as_ref().map(|(span, _)| span);
        self.span.iter().chain(also).map(|span| span.start)
    }

    /// Fills in line and column, and takes what it shows out of the text.
    pub(crate) fn find_place(&mut self, text: &str, spots: &Spots) {
        let of = |span: &Range<usize>| Some((spots.at(span.start)?, span.clone()));
        if let Some((spot, span)) = self.span.as_ref().and_then(of) {
            (self.line, self.column) = (spot.line, spot.column);
            let also = self.also.as_ref().and_then(|(span, _)| of(span));
            self.excerpts = Some(excerpts(text, (spot, span), also));
        }
    }
}
