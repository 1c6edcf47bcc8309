//! `resilience diff`: two files go in, what changes for which service when the second takes the place of the first comes out.
//! Spelling, order, comments, and where a value stands are no change.

mod changed;
mod tables;

use std::path::PathBuf;

use self::changed::Changed;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::{counted, each_once, load};
use crate::settings::Origin;
use crate::shown::printable;
use crate::table::Table;

/// Show what changes for whom when one file takes the place of another. Exit code 1 if anything does.
///
/// Compares what is in force for the process, for each service that one of the files names, for the kinds whose templates they
/// change, and the rules of chaos. Templates and switches of `[global]` are included.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The file before; `-` is the standard input, here or behind it.
    before: PathBuf,

    /// The file after.
    after: PathBuf,
}

impl Diff {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        each_once([self.before.as_path(), &self.after])?;
        let (before, after) = (load(&self.before)?, load(&self.after)?);
        let all = tables::changed(&before, &after);
        if output.is_json() {
            output.json(&all)?;
        } else {
            say(&all, output)?;
        }
        Ok(if all.is_empty() { Exit::Fine } else { Exit::Findings })
    }
}

fn say(all: &[Changed], output: &mut Output) -> Result<(), Failure> {
    for Changed { name, target, changes } in all {
        let name = output.tint(Tone::Strong, printable(name));
        match target {
            Some(target) => output.line(format_args!("{name} (target {})", printable(target)))?,
            None => output.line(name)?,
        }
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
                change.because.clone().into_iter().collect(),
            );
        }
        table.write(output)?;
    }
    if all.is_empty() {
        let nothing = output.tint(Tone::Good, "nothing changes for any service");
        output.line(nothing)?;
    } else {
        let count: usize = all.iter().map(|one| one.changes.len()).sum();
        output.line(format_args!("{} in {}", counted(count, "change"), counted(all.len(), "place")))?;
    }
    Ok(())
}
