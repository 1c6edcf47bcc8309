//! The templates that entries name go in, faults come out: names that do not exist, and circles.

use super::document::Document;
use super::entry::Entry;
use super::fault::Fault;
use super::file::{FileConfig, canonical};
use super::suggest::did_you_mean;
use crate::policy::ServiceKind;

/// Checks what a template says it stands on.
pub(super) fn check_extends(file: &FileConfig, document: &mut Document<'_>, name: &str, entry: &Entry) {
    let Some(base) = &entry.base else { return };
    let path = format!("{}.extends", entry.path);
    if ServiceKind::parse(name).is_some() {
        let message = format!("`{path}` cannot be: the template `{name}` already stands on the built-in one");
        let help = "remove the line, or give the template a name of its own";
        document.report(Fault::new(path, base.span.clone(), message).label("not here").with_help(help));
        return;
    }
    if let Some(circle) = circle_through(file, name) {
        // Each circle once, at the first of its names.
        if circle.iter().all(|other| name <= *other) {
            let message = format!("`{path}` makes a circle: {} -> {name}", circle.join(" -> "));
            document.report(Fault::new(path, base.span.clone(), message).label("leads back here"));
        }
        return;
    }
    check_base(file, document, entry, "extends");
}

/// The names on the way from a template back to itself, starting with it.
fn circle_through<'f>(file: &'f FileConfig, start: &'f str) -> Option<Vec<&'f str>> {
    let mut way = vec![start];
    loop {
        let base = file.templates.get(*way.last()?)?.base.as_ref()?;
        let next = canonical(&base.name);
        if next == start {
            return Some(way);
        }
        if way.contains(&next) {
            return None;
        }
        way.push(next);
    }
}

/// Checks that the template exists which an entry names, behind `extends` or `template`.
pub(super) fn check_base(file: &FileConfig, document: &mut Document<'_>, entry: &Entry, word: &str) {
    let Some(base) = &entry.base else { return };
    let name = canonical(&base.name);
    if file.templates.contains_key(name) || ServiceKind::parse(name).is_some() {
        return;
    }
    let built_in = ServiceKind::ALL.iter().map(|kind| kind.name());
    let known: Vec<&str> = built_in.chain(file.templates.keys().map(String::as_str)).collect();
    let path = format!("{}.{word}", entry.path);
    let message = format!("`{path}` names the template `{name}`, which does not exist");
    let help = did_you_mean(name, &known, "the templates are");
    document.report(Fault::new(path, base.span.clone(), message).label("unknown template").with_help(help));
}
