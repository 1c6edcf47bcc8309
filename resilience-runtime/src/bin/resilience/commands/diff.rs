//! Two files go in, what changes for which service when the second takes the place of the first comes out. Spelling, order,
//! comments, and where a value stands are no change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use resilience_runtime::config::{ConfigFile, Effective, Source};
use resilience_runtime::policy::{Clause, Key, Value};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::{counted, load};
use crate::settings::{Origin, shown};
use crate::table::Table;

/// Show what changes for whom when one file takes the place of another. Exit code 1 if anything does.
///
/// Compares the effective values of each service that one of the files names, templates and switches of `[global]` included.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The file before; `-` is the standard input.
    before: PathBuf,

    /// The file after.
    after: PathBuf,
}

/// What changes for one service, function, or the process.
#[derive(Debug, Serialize)]
struct Changed {
    /// `global`, the name of a service, or `service@module::function`.
    name: String,
    changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Change {
    key: String,
    before: Option<String>,
    after: Option<String>,
    /// Where the values come from; of `[global]` and of overrides of functions it is the table itself.
    from: Option<Origin>,
    to: Option<Origin>,
}

impl Diff {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        if self.before.as_os_str() == "-" && self.after.as_os_str() == "-" {
            return Err(Failure::unusable("only one of the files can be the standard input"));
        }
        let (before, after) = (load(&self.before)?, load(&self.after)?);
        let mut all = vec![of_process(&before, &after)];
        let named: BTreeSet<String> = before.named().into_iter().chain(after.named()).collect();
        all.extend(named.into_iter().map(|name| of_service(name, &before, &after)));
        all.extend(of_functions(&before, &after));
        all.retain(|one| !one.changes.is_empty());
        if output.is_json() {
            output.json(&all)?;
        } else {
            say(&all, output)?;
        }
        Ok(if all.is_empty() { Exit::Fine } else { Exit::Findings })
    }
}

fn of_process(before: &ConfigFile, after: &ConfigFile) -> Changed {
    let pairs = before.global().into_iter().zip(after.global()).filter(|((_, old), (_, new))| old != new);
    let changes = pairs.map(|((name, old), (_, new))| Change {
        key: name.to_owned(),
        before: Some(old.to_string()),
        after: Some(new.to_string()),
        from: None,
        to: None,
    });
    Changed { name: "global".to_owned(), changes: changes.collect() }
}

fn of_service(name: String, before: &ConfigFile, after: &ConfigFile) -> Changed {
    let (old, new) = (before.explain(&name), after.explain(&name));
    let (labels, mut changes) = ([old.service_type(), new.service_type()], Vec::new());
    if let [from, to] = labels
        && from != to
    {
        changes.push(Change {
            key: "service_type".to_owned(),
            before: from.map(str::to_owned),
            after: to.map(str::to_owned),
            from: None,
            to: None,
        });
    }
    let of = |entries: &[Effective]| -> BTreeMap<_, (Value, Source)> {
        entries.iter().map(|one| (one.key(), (one.value().clone(), one.source().clone()))).collect()
    };
    let (old, new) = (of(old.entries()), of(new.entries()));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    for key in keys {
        let (from, to) = (old.get(&key), new.get(&key));
        // Of a clause that is switched off nothing is left, which need not be told key by key.
        if to.is_none() && key.info().clause != Clause::Top {
            continue;
        }
        if from.map(|(value, _)| value) != to.map(|(value, _)| value) {
            changes.push(Change {
                key: key.path(),
                before: from.map(|(value, _)| shown(key, value)),
                after: to.map(|(value, _)| shown(key, value)),
                from: from.map(|(_, source)| Origin::of(source)),
                to: to.map(|(_, source)| Origin::of(source)),
            });
        }
    }
    Changed { name, changes }
}

/// What overrides of single functions write: what they lie over only the program knows.
fn of_functions(before: &ConfigFile, after: &ConfigFile) -> Vec<Changed> {
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (before.function_overrides().collect(), after.function_overrides().collect());
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let changes = |name: &str| {
        let of = |all: &BTreeMap<&str, Vec<(Key, &Value)>>| -> BTreeMap<_, _> {
            all.get(name).into_iter().flatten().map(|(key, value)| (*key, shown(*key, value))).collect()
        };
        let (old, new) = (of(&old), of(&new));
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        let changed = keys.into_iter().filter(|key| old.get(key) != new.get(key));
        let change = |key| Change {
            key: Key::path(key),
            before: old.get(&key).cloned(),
            after: new.get(&key).cloned(),
            from: None,
            to: None,
        };
        changed.map(change).collect()
    };
    names.into_iter().map(|name| Changed { name: name.to_owned(), changes: changes(name) }).collect()
}

fn say(all: &[Changed], output: &mut Output) -> Result<(), Failure> {
    for Changed { name, changes } in all {
        let name = output.tint(Tone::Strong, name);
        output.line(name)?;
        let mut table = Table::default();
        for change in changes {
            let unset = || "unset".to_owned();
            let place = match (&change.from, &change.to) {
                (None, None) => String::new(),
                (from, to) => {
                    let text =
                        |origin: &Option<Origin>| origin.as_ref().map_or_else(unset, ToString::to_string);
                    format!("{} → {}", text(from), text(to))
                }
            };
            table.row(
                vec![
                    (Tone::Plain, change.key.clone()),
                    (Tone::Bad, change.before.clone().unwrap_or_else(unset)),
                    (Tone::Faint, "→".to_owned()),
                    (Tone::Good, change.after.clone().unwrap_or_else(unset)),
                    (Tone::Faint, place),
                ],
                Vec::new(),
            );
        }
        table.write(output)?;
    }
    if all.is_empty() {
        let nothing = output.tint(Tone::Good, "nothing changes for any service");
        output.line(nothing)?;
    } else {
        let count = all.iter().map(|one| one.changes.len()).sum();
        output.line(format_args!("{} in {}", counted(count, "change"), counted(all.len(), "place")))?;
    }
    Ok(())
}
