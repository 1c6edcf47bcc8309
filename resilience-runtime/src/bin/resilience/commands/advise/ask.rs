//! Runs `resilience advise`: asks the library's rules. In: the arguments. Out: advice; how it is shown, `say` has.

use std::path::PathBuf;

use resilience_runtime::config::ConfigFile;
use resilience_runtime::config::advice::{Advice, Question, Verdict, patch};

use super::say::{say, told};
use super::snapshot::read_process;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading;
use crate::remote::Remote;
use crate::shown::printable;
use crate::web::Trust;
use crate::writing::Target;

/// Judge settings by rules with numbers, and propose better ones by what a process has measured.
///
/// From the file alone: worst-case latency against deadlines, attempts multiplied over layers, retries without a budget or
/// without chance in their delays, breakers that cannot open, budgets that cannot pay. With `--from`, new values are proposed
/// where the sample is long, large and healthy enough; each condition that does not hold is named, with how far it is off.
///
/// Exits with 1 when there are problems or proposals.
#[derive(Debug, clap::Args)]
pub(crate) struct Advise {
    /// The file of settings; `-` is the standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The server of the process that has measured, such as `http://127.0.0.1:9090`.
    #[arg(long, value_name = "URL")]
    from: Option<String>,

    #[command(flatten)]
    trust: Trust,

    /// Which service calls which, for rules over layers; may be given several times.
    #[arg(long, value_name = "CALLER:CALLEE", value_parser = pair)]
    calls: Vec<(String, String)>,

    /// How many attempts per second a service bears, or each of them; may be given several times.
    #[arg(long, value_name = "[SERVICE=]NUMBER", value_parser = capacity, requires = "from")]
    capacity: Vec<(String, f64)>,

    /// Write the tables that carry out the advice into this file.
    #[arg(long, value_name = "OUT")]
    patch: Option<PathBuf>,
}

impl Advise {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        reading::each_once([&*self.file].into_iter().chain(self.trust.file()))?;
        let target = Target::wanted(self.patch.as_deref(), "toml")?;
        let file = reading::load(&self.file)?;
        let mut question = Question::default();
        question.calls = self.calls;
        question.capacity = self.capacity.into_iter().collect();
        if let Some(from) = &self.from {
            let remote = Remote::new(from, &self.trust)?;
            read_process(&remote, &mut question)?;
        }
        known(&question, &file, self.from.is_some())?;
        let advice = file.advise(&question);
        let patch = patch(&advice);
        let written = match (target, &patch) {
            (Some(target), Some(text)) => target.write(text),
            _ => Ok(()),
        };
        if output.is_json() {
            output.json(&told(&advice, patch.as_deref()))?;
        } else {
            let at = self.patch.as_deref().filter(|_| written.is_ok());
            say(&advice, patch.as_deref(), at, output)?;
        }
        written?;
        Ok(exit(&advice))
    }
}

/// Whether there are all services that the arguments name.
fn known(question: &Question, file: &ConfigFile, has_process: bool) -> Result<(), Failure> {
    let called = question.calls.iter().flat_map(|(caller, callee)| [caller, callee]);
    let called = called.map(|name| ("--calls", name));
    let bearing = question.capacity.keys().filter(|name| !name.is_empty()).map(|name| ("--capacity", name));
    for (option, name) in called.chain(bearing) {
        let is_known =
            question.measured.contains_key(name) || file.services().any(|known| known == name.as_str());
        if !is_known {
            let whose = if has_process {
                "neither the file nor the process has anything"
            } else {
                "the file has nothing"
            };
            let failure =
                Failure::unusable(format!("`{option}` names `{}`, of which {whose}", printable(name)));
            return Err(failure.with_help("services are named as in `[services.NAME]`"));
        }
    }
    Ok(())
}

fn exit(advice: &[Advice]) -> Exit {
    let counts = |one: &Advice| matches!(one.verdict, Verdict::Problem | Verdict::Proposal);
    if advice.iter().any(counts) { Exit::Findings } else { Exit::Fine }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((outer, inner)) if outer == inner => {
            Err(format!("a call of `{outer}` within one passes through, and is no layer: name two services"))
        }
        Some((outer, inner)) if !outer.is_empty() && !inner.is_empty() => {
            Ok((outer.to_owned(), inner.to_owned()))
        }
        _ => Err("write the caller and the called, such as `checkout:payments`".to_owned()),
    }
}

fn capacity(text: &str) -> Result<(String, f64), String> {
    let (service, number) = text.rsplit_once('=').unwrap_or(("", text));
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok((service.to_owned(), number)),
        _ => Err("write attempts per second, such as `500` or `payments=500`".to_owned()),
    }
}
