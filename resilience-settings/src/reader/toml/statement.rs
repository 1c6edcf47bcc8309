//! Reads one TOML statement out of the events of its parser, with the place of each part.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::decoder::ScalarKind;
use toml_parser::parser::{Event, EventKind};
use toml_parser::{ErrorSink, Source, Span};

/// One statement of a text.
#[derive(Debug)]
pub(crate) enum Statement<'t> {
    /// `[a.b]`, or `[[a.b]]`.
    Header { path: Vec<Name<'t>>, is_list: bool, span: Range<usize> },
    /// `a.b = 1`.
    Pair { path: Vec<Name<'t>>, item: Item<'t> },
}

/// A part of a dotted key.
#[derive(Debug)]
pub(crate) struct Name<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) span: Range<usize>,
}

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Item<'t> {
    pub(crate) value: Toml<'t>,
    pub(crate) span: Range<usize>,
}

/// A value. Numbers are kept as they are written, without underscores and the prefix of their radix.
#[derive(Debug)]
pub(crate) enum Toml<'t> {
    String(Cow<'t, str>),
    Integer {
        digits: Cow<'t, str>,
        radix: u32,
    },
    Float(Cow<'t, str>),
    Boolean(bool),
    /// No key takes one.
    Datetime,
    List(Vec<Item<'t>>),
    /// A table, its keys in their order, dotted ones as they stand.
    Table(Vec<(Vec<Name<'t>>, Item<'t>)>),
}

impl Toml<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads the statement; `None` where nothing was stated.
pub(crate) fn statement<'t>(
    source: Source<'t>,
    events: &[Event],
    errors: &mut dyn ErrorSink,
) -> Option<Statement<'t>> {
    let mut reader = Reader { source, events: events.iter(), errors };
    let mut path = Vec::new();
    let mut open = None;
    while let Some(event) = reader.next() {
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => open = Some(event),
            EventKind::SimpleKey => path.push(reader.name(event)),
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                let is_list = event.kind() == EventKind::ArrayTableClose;
                let span = range(open?.span().append(event.span()));
                return Some(Statement::Header { path, is_list, span });
            }
            EventKind::KeyValSep => return Some(Statement::Pair { path, item: reader.item()? }),
            _ => {}
        }
    }
    None
}

struct Reader<'t, 'e> {
    source: Source<'t>,
    events: std::slice::Iter<'e, Event>,
    errors: &'e mut dyn ErrorSink,
}

impl<'t> Reader<'t, '_> {
    fn next(&mut self) -> Option<Event> {
        self.events.next().copied()
    }

    fn name(&mut self, event: Event) -> Name<'t> {
        let mut text = Cow::Borrowed("");
        if let Some(raw) = self.source.get(event) {
            raw.decode_key(&mut text, self.errors);
        }
        Name { text, span: range(event.span()) }
    }

    /// The next value.
    fn item(&mut self) -> Option<Item<'t>> {
        while let Some(event) = self.next() {
            if begins_value(event) {
                return Some(self.item_at(event));
            }
        }
        None
    }

    /// The value that begins with the event. Calls itself for what is within it, as deep as the parser has allowed.
    fn item_at(&mut self, open: Event) -> Item<'t> {
        let (value, close) = match open.kind() {
            EventKind::ArrayOpen => self.list(open),
            EventKind::InlineTableOpen => self.table(open),
            _ => (self.scalar(open), open),
        };
        Item { value, span: range(open.span().append(close.span())) }
    }

    /// The list, with the event that closes it.
    fn list(&mut self, open: Event) -> (Toml<'t>, Event) {
        let mut items = Vec::new();
        while let Some(event) = self.next() {
            if event.kind() == EventKind::ArrayClose {
                return (Toml::List(items), event);
            }
            if begins_value(event) {
                items.push(self.item_at(event));
            }
        }
        (Toml::List(items), open)
    }

    /// The inline table, with the event that closes it.
    fn table(&mut self, open: Event) -> (Toml<'t>, Event) {
        let (mut pairs, mut path) = (Vec::new(), Vec::new());
        while let Some(event) = self.next() {
            match event.kind() {
                EventKind::InlineTableClose => return (Toml::Table(pairs), event),
                EventKind::SimpleKey => path.push(self.name(event)),
                EventKind::KeyValSep => {
                    pairs.extend(self.item().map(|item| (std::mem::take(&mut path), item)));
                }
                _ => {}
            }
        }
        (Toml::Table(pairs), open)
    }

    fn scalar(&mut self, event: Event) -> Toml<'t> {
        let mut text = Cow::Borrowed("");
        let Some(raw) = self.source.get(event) else { return Toml::String(text) };
        match raw.decode_scalar(&mut text, self.errors) {
            ScalarKind::String => Toml::String(text),
            ScalarKind::Boolean(is) => Toml::Boolean(is),
            ScalarKind::DateTime => Toml::Datetime,
            ScalarKind::Float => Toml::Float(text),
            ScalarKind::Integer(radix) => Toml::Integer { digits: text, radix: radix.value() },
        }
    }
}

fn begins_value(event: Event) -> bool {
    matches!(event.kind(), EventKind::Scalar | EventKind::ArrayOpen | EventKind::InlineTableOpen)
}

fn range(span: Span) -> Range<usize> {
    span.start()..span.end()
}
