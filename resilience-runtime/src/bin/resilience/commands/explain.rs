//! `resilience explain`: a file and the name of a service go in, every setting of the service comes out, with the line that it
//! comes from and what it hides.

use std::collections::BTreeMap;
use std::path::PathBuf;

use resilience_runtime::Explanation;
use resilience_runtime::config::{ChaosTable, ConfigFile, Effective};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::{known_service, load};
use crate::settings::{Setting, remarks, shown};
use crate::shown::printable;
use crate::table::Table;

/// Show every setting of a service, where each comes from, and what it hides; and which rules of chaos hit it.
///
/// By the file alone. In a program, what attributes say about whole services lies below the file, and what they say about single
/// functions lies above it; `resilience_runtime::explain` and the dashboard show both.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The file; `-` is the standard input.
    file: PathBuf,

    /// The service, as the file names it.
    service: String,

    /// Only what the file says, without what is built in.
    #[arg(long)]
    written: bool,
}

/// For programs.
#[derive(Debug, Serialize)]
struct Explained<'e> {
    file: &'e str,
    service: &'e str,
    service_type: Option<&'e str>,
    settings: Vec<Setting>,
    /// Overrides of single functions, which stand above all of these.
    overridden_functions: Vec<&'e str>,
    /// Rules that hit the service or a function of it, where the program allows them.
    chaos: Vec<Rule<'e>>,
}

#[derive(Debug, Serialize)]
struct Rule<'e> {
    name: &'e str,
    line: u32,
    target: &'e str,
    settings: BTreeMap<&'static str, String>,
}

impl<'e> Rule<'e> {
    fn of(rule: ChaosTable<'e>) -> Self {
        Self {
            name: rule.name(),
            line: rule.line(),
            target: rule.target(),
            settings: rule.settings().into_iter().collect(),
        }
    }
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let file = load(&self.file)?;
        known_service(&file, &self.service)?;
        let explanation = file.explain(&self.service);
        let all = explanation.entries().iter();
        let entries: Vec<&Effective> = all.filter(|one| !self.written || one.source().is_written()).collect();
        let overridden_functions = functions(&file, &self.service);
        let hit: Vec<ChaosTable<'_>> = file.chaos().filter(|rule| rule.is_aimed_at(&self.service)).collect();
        if output.is_json() {
            output.json(&Explained {
                file: file.origin(),
                service: &self.service,
                service_type: explanation.service_type(),
                settings: entries.into_iter().map(Setting::of).collect(),
                overridden_functions,
                chaos: hit.into_iter().map(Rule::of).collect(),
            })?;
        } else {
            say(&explanation, &entries, &overridden_functions, output)?;
            say_chaos(&file, &hit, output)?;
        }
        Ok(Exit::Fine)
    }
}

/// The functions of the service that have an override of their own.
fn functions<'f>(file: &'f ConfigFile, service: &str) -> Vec<&'f str> {
    let of_service = |name: &&str| name.split_once('@').is_some_and(|(of, _)| of == service);
    file.function_overrides().map(|(name, _)| name).filter(of_service).collect()
}

fn say(
    explanation: &Explanation,
    entries: &[&Effective],
    overridden: &[&str],
    output: &mut Output,
) -> Result<(), Failure> {
    let label = explanation.service_type().map(|label| format!(" ({label})")).unwrap_or_default();
    let service = output.tint(Tone::Strong, printable(explanation.service()));
    output.line(format_args!("{service}{label}"))?;
    let mut table = Table::default();
    for entry in entries {
        let (key, source) = (entry.key(), entry.source());
        // What somebody wrote is what people look for.
        let tone = if source.is_written() { Tone::Strong } else { Tone::Plain };
        let cells = vec![
            (Tone::Plain, key.path()),
            (tone, shown(key, entry.value())),
            (Tone::Faint, source.to_string()),
        ];
        table.row(cells, remarks(entry));
    }
    table.write(output)?;
    for name in overridden {
        output.line(format_args!("`{}` has an override of its own", printable(name)))?;
    }
    Ok(())
}

/// The rules that hit the service, in the order of the file.
fn say_chaos(file: &ConfigFile, hit: &[ChaosTable<'_>], output: &mut Output) -> Result<(), Failure> {
    if hit.is_empty() {
        return Ok(());
    }
    output.line("hit on purpose, in a program that calls `testing::chaos::allow()`:")?;
    let mut table = Table::default();
    for rule in hit {
        let cells = vec![
            (Tone::Plain, rule.path()),
            (Tone::Strong, rule.target().to_owned()),
            (Tone::Faint, format!("{}:{}", file.origin(), rule.line())),
        ];
        let others = rule.settings().into_iter().filter(|(key, _)| *key != "target");
        let others: Vec<String> = others.map(|(key, value)| format!("{key} = {value}")).collect();
        table.row(cells, vec![others.join(", ")]);
    }
    table.write(output)?;
    Ok(())
}
