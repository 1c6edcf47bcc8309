//! `resilience check`: writes its messages, the faults of files over their text with the remedies, and decides whether it fails.
//! In: files. Out: what people or programs read of their faults and warnings, and the exit code.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use resilience_runtime::ConfigError;
use resilience_runtime::config::{ConfigFile, Fault, Finding};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::folding::is_sentence;
use crate::output::{Output, Tone};
use crate::reading::{counted, each_once, read, unreadable};

/// How far the further lines of a title and of a remark are set in.
const TITLE: usize = "error: ".len();
const REMARK: usize = "  = help: ".len();

/// Check files of settings: every fault, with its line and the remedy.
///
/// Warnings are what is allowed but likely not meant. What depends on the program, such as services that no code names, is
/// logged by the program when it loads the file.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The files; `-` is the standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Fail on warnings too.
    #[arg(long)]
    deny_warnings: bool,
}

/// What is wrong with one file, for programs.
#[derive(Debug, Serialize)]
struct Checked {
    file: String,
    /// Why it could not be read.
    error: Option<String>,
    /// All faults, those included that are not listed.
    fault_count: usize,
    faults: Vec<FaultEntry>,
    warnings: Vec<Warning>,
}

#[derive(Debug, Serialize)]
struct FaultEntry {
    line: u32,
    column: u32,
    key: String,
    message: String,
    remedy: Option<String>,
}

#[derive(Debug, Serialize)]
struct Warning {
    line: Option<u32>,
    service: String,
    message: String,
}

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        each_once(self.files.iter().map(PathBuf::as_path))?;
        let mut exit = Exit::Fine;
        let mut all = Vec::new();
        for path in &self.files {
            let read = read(path);
            let checked = Checked::of(path, &read);
            if !output.is_json() {
                say(&checked, read.as_ref().err(), output)?;
            }
            exit = exit.max(checked.exit(self.deny_warnings));
            all.push(checked);
        }
        if output.is_json() {
            output.json(&all)?;
        }
        Ok(exit)
    }
}

impl Checked {
    fn of(path: &Path, read: &Result<ConfigFile, ConfigError>) -> Self {
        let file = path.display().to_string();
        let mut checked =
            Self { file, error: None, fault_count: 0, faults: Vec::new(), warnings: Vec::new() };
        match read {
            Ok(file) => {
                checked.warnings = file.findings().iter().map(|finding| Warning::of(finding, file)).collect();
            }
            Err(error) if error.is_io() => {
                checked.error = Some(error.source().map_or_else(|| error.to_string(), ToString::to_string));
            }
            Err(error) => {
                checked.fault_count = error.fault_count();
                checked.faults = error.faults().iter().map(FaultEntry::of).collect();
            }
        }
        checked
    }

    fn exit(&self, deny_warnings: bool) -> Exit {
        if self.error.is_some() {
            Exit::Unusable
        } else if self.fault_count > 0 || deny_warnings && !self.warnings.is_empty() {
            Exit::Findings
        } else {
            Exit::Fine
        }
    }
}

impl FaultEntry {
    fn of(fault: &Fault) -> Self {
        Self {
            line: fault.line(),
            column: fault.column(),
            key: fault.path().to_owned(),
            message: fault.message().to_owned(),
            remedy: fault.help().map(str::to_owned),
        }
    }
}

impl Warning {
    /// Findings name their place in front, as compilers do.
    fn of(finding: &Finding, file: &ConfigFile) -> Self {
        let message = finding.message();
        let placed =
            message.strip_prefix(file.origin()).and_then(|rest| rest.strip_prefix(':')?.split_once(": "));
        let (line, message) = match placed.and_then(|(line, rest)| Some((line.parse().ok()?, rest))) {
            Some((line, rest)) => (Some(line), rest),
            None => (None, message),
        };
        Self { line, service: finding.service().to_owned(), message: message.to_owned() }
    }
}

/// For people.
fn say(checked: &Checked, error: Option<&ConfigError>, output: &mut Output) -> io::Result<()> {
    let file = &checked.file;
    if let Some(error) = error.filter(|error| error.is_io()) {
        return unreadable(Path::new(file), error).tell(output);
    }
    if let Some(error) = error {
        for excerpt in error.excerpts(output.columns(), output.is_coloured()) {
            for (number, line) in excerpt.lines().enumerate() {
                match number {
                    0 => output.sentence(line, TITLE)?,
                    _ if is_sentence(line) => output.sentence(line, REMARK)?,
                    _ => output.line(line)?,
                }
            }
            output.line("")?;
        }
        let more = checked.fault_count - checked.faults.len();
        if more > 0 {
            output.line(format_args!("and {more} more\n"))?;
        }
    }
    for Warning { line, message, .. } in &checked.warnings {
        let place = line.map(|line| format!(":{line}")).unwrap_or_default();
        let place = output.tint(Tone::Faint, format!("{file}{place}:"));
        let what = output.tint(Tone::Odd, "warning");
        output.sentence(&format!("{place} {what}: {message}"), REMARK)?;
    }
    let (faults, warnings) = (checked.fault_count, checked.warnings.len());
    let (tone, end) = match (faults, warnings) {
        (0, 0) => (Tone::Good, "fine".to_owned()),
        (0, warnings) => (Tone::Odd, counted(warnings, "warning")),
        (faults, _) => (Tone::Bad, counted(faults, "fault")),
    };
    let end = output.tint(tone, end);
    output.line(format_args!("{file}: {end}"))
}
