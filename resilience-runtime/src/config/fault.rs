//! One fault of a configuration text: where it stands, what is wrong, and the remedy.

use std::ops::Range;

/// One fault in a configuration text.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) span: Option<Range<usize>>,
    pub(super) also: Option<(Range<usize>, String)>,
    pub(super) syntax: bool,
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

    pub(super) fn new(path: impl Into<String>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            message: message.into(),
            label: String::new(),
            help: None,
            span: Some(span),
            also: None,
            syntax: false,
        }
    }

    pub(super) fn without_text(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::new(path, 0..0, message) }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn also(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.also = Some((span, label.into()));
        self
    }

    pub(super) fn syntax(mut self) -> Self {
        self.syntax = true;
        self
    }
}
