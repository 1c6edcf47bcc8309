//! Puts a key of `[global]` and its value into the settings of the process. In: a key of `[global]` and its value, as written. Out:
//! both in the settings of the process, or a fault.

use super::document::Document;
use super::read::read;
use super::toml::{Item, Name};
use crate::config::fault::Fault;
use crate::config::global::{GlobalSettings, KEYS, SHEDDING};
use crate::config::shedding::{self, Known};
use crate::policy::Value;

impl GlobalSettings {
    /// Takes a key that there is.
    pub(crate) fn take(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let line = document.line(name.span.start);
        if self.line_of(&name.text).is_some() {
            document.report_twice(name.span.clone());
        } else if let Some((name, value)) = read_known(document, "global", KEYS, name, item) {
            self.set(name, &value);
            self.written.push((name, line));
        }
    }

    /// The table of load shedding begins, or is continued.
    pub(crate) fn begin_shedding(&mut self, line: u32) {
        if self.line_of(SHEDDING).is_none() {
            self.shedding = shedding::written();
            self.written.push((SHEDDING, line));
        }
    }

    /// Takes a key of load shedding that there is.
    pub(crate) fn take_shedding(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let line = document.line(name.span.start);
        // No key of load shedding has the name of one above it.
        if self.line_of(&name.text).is_some() {
            document.report_twice(name.span.clone());
        } else if let Some((name, value)) =
            read_known(document, "global.shedding", shedding::KEYS, name, item)
        {
            shedding::set(&mut self.shedding, name, &value);
            self.written.push((name, line));
        }
    }
}

/// Reads one key of a table with fixed names; reports what is wrong with its value.
fn read_known(
    document: &mut Document<'_>,
    parent: &str,
    keys: &[Known],
    name: &Name<'_>,
    item: &Item<'_>,
) -> Option<(&'static str, Value)> {
    let (known, shape) = keys.iter().find(|(known, _)| *known == name.text)?;
    match read(*shape, &item.value) {
        Ok(read) => Some((known, read)),
        Err(refusal) => {
            document.report_at(item.span.start, |document| {
                let written = document.written(item.span.clone());
                let path = format!("{parent}.{known}");
                let message = format!("`{path}` must be {}, not `{written}`", refusal.accepted());
                let mut fault = Fault::new(path, item.span.clone(), message).label("not accepted");
                fault.help = refusal.help(known);
                fault
            });
            None
        }
    }
}
