//! Writes advice as tables for the file, each value with why it is so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::piece::{Advice, Change, Verdict};
use crate::policy::{Clause, Key, Value, Window};
use crate::printable::printable;

/// The tables that carry out the advice; `None` when none of it can be written into a file.
///
/// They go beside what the file has: a key of the same table that is there already is replaced.
pub fn patch(advice: &[Advice]) -> Option<String> {
    let mut tables: BTreeMap<(bool, &str), Vec<(&Change, &Advice)>> = BTreeMap::new();
    for one in advice.iter().filter(|one| one.verdict != Verdict::Note) {
        for change in &one.changes {
            tables.entry((change.is_override, &one.service)).or_default().push((change, one));
        }
    }
    let mut text = String::new();
    for ((is_override, service), mut changes) in tables {
        changes.sort_by_key(|(change, _)| change.key);
        // The first word on a key is kept: advice stands in the order of its weight.
        changes.dedup_by_key(|(change, _)| change.key);
        let section = if is_override { "overrides" } else { "services" };
        // Clauses have tables of their own, behind the keys at the top.
        for clause in Clause::ALL {
            let of_clause: Vec<_> =
                changes.iter().filter(|(change, _)| change.key.info().clause == *clause).collect();
            if of_clause.is_empty() {
                continue;
            }
            let header = if *clause == Clause::Top { String::new() } else { format!(".{}", clause.name()) };
            let _ = writeln!(text, "[{section}.{}{header}]", key(service));
            for (change, why) in of_clause {
                let was = change.from.as_ref().map_or("not set".to_owned(), Value::to_string);
                let _ = writeln!(text, "# was {was}: {}", printable(why.number.clone()));
                let _ = writeln!(text, "{} = {}", change.key.info().name, written(&change.to));
            }
            text.push('\n');
        }
    }
    let whole = text.trim_end().len();
    text.truncate(whole);
    text.push('\n');
    (whole > 0).then_some(text)
}

/// A name as a header has it.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare {
        return name.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A value as a file has it.
fn written(value: &Value) -> String {
    match value {
        Value::Switch(on) => on.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Window(Window::Calls(calls)) => calls.to_string(),
        Value::Number(number) => number.to_string(),
        value => format!("\"{value}\""),
    }
}

/// The key as the rules name it in a sentence.
pub(super) fn assignment(key: Key, value: &Value) -> String {
    format!("{} = {}", key.path(), written(value))
}
