//! Every event has its line, and no line is written elsewhere.

use std::fmt::{Debug, Write as _};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Metadata, Subscriber};

use super::{BreakerOf, Event, Rare, emit};
use crate::sync::lock;

/// The fields of each event.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(event.metadata().target().to_owned());
        event.record(&mut fields);
        lock(&self.0).push(fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_name_from_outside_forges_no_line() {
    let lines = Lines::default();
    let name = "db\nERROR \u{202e}\u{1b}[2J";
    with_default(lines.clone(), || {
        let of = BreakerOf::Service;
        emit(&Event::Rare(Rare::BreakerChanged { service: name, of, from: "open", to: "closed" }), &());
        emit(&Event::Rare(Rare::RedirectCycle { service: name, function: "f", file: "f.rs", line: 7 }), &());
    });
    let lines = lock(&lines.0);
    let escaped = "db\\nERROR \\u{202e}\\u{1b}[2J";
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.contains(&format!(" service={escaped}"))), "{lines:#?}");
    assert!(lines[0].starts_with("resilience::breaker"), "{lines:#?}");
    assert!(lines[1].starts_with("resilience::degrade"), "{lines:#?}");
}

/// The files that name the crate `tracing`, below `folder`.
fn loggers(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            loggers(&path, found);
        } else if fs::read_to_string(&path).is_ok_and(|text| is_logger(&text)) {
            found.push(path.display().to_string());
        }
    }
}

fn is_logger(source: &str) -> bool {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| line.contains("tracing::"))
}

#[test]
fn no_other_file_writes_to_the_log() {
    assert!(is_logger("fn f() {\n    tracing::info!(1);\n}") && !is_logger("// tracing::info"));
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let room = sources.join("events");
    let mut found = Vec::new();
    loggers(&sources, &mut found);
    let (own, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|path| Path::new(path).starts_with(&room));
    assert!(own.iter().any(|path| path.ends_with("log.rs")), "{own:#?}");
    assert_eq!(others, [""; 0]);
}
