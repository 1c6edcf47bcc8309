//! `resilience events`: the stream of a process goes in, what rarely happens in it comes out as it happens, a line each.

use std::thread;
use std::time::{Duration, SystemTime};

use resilience_runtime::monitor::snapshot::EventSnapshot;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::counted;
use crate::remote::{Message, Next, Remote};
use crate::shown::{moment, printable, sentence};
use crate::web::Trust;

/// Follow the rare events of a running process: breakers, empty budgets, reloads, overrides, shedding.
///
/// The last hundred come first. When the process goes away it is asked again each second, and what happened meanwhile follows.
/// With `--json`, each line is one event.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// The server of the process, such as `http://127.0.0.1:9090`.
    #[arg(value_name = "URL")]
    url: String,

    #[command(flatten)]
    trust: Trust,

    /// Only events of this service; may be given several times.
    #[arg(long, value_name = "NAME")]
    service: Vec<String>,

    /// Only events of this kind, such as `breaker` or `config_refused`; may be given several times.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,

    /// Leave out what happened before.
    #[arg(long)]
    new: bool,

    /// End after so many.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    count: Option<u64>,
}

/// How long after a break the server is asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long nothing is a reason to look whether anybody still reads.
const LOOK: Duration = Duration::from_secs(1);

impl Events {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let remote = Remote::new(&self.url, &self.trust)?;
        let from = if self.new { unix_ms() } else { 0 };
        let mut messages = remote.messages(None)?;
        self.check_kinds(output)?;
        // Asked by itself, as the stream begins with what happened before.
        let services = self.service.iter().map(String::as_str);
        remote.warn_of_unknown(services, "nothing of it happens until it does", output)?;
        let (mut last, mut left) = (None, self.count.unwrap_or(u64::MAX));
        while left > 0 {
            match messages.next_within(LOOK) {
                Next::Quiet => output.flush()?,
                Next::End => messages = again(&remote, last.as_deref(), output)?,
                Next::Message(Message { kind, data, id }) => {
                    last = id.or(last);
                    if kind == "snapshot" {
                        missed(&data, output)?;
                    }
                    if kind == "event" && self.passes(&data, from) {
                        write(&data, output)?;
                        left -= 1;
                    }
                }
            }
        }
        Ok(Exit::Fine)
    }

    /// A process of another version may have more kinds, so one that is not known here is only told.
    fn check_kinds(&self, output: &mut Output) -> Result<(), Failure> {
        for kind in self.kind.iter().filter(|kind| !EventSnapshot::KINDS.contains(&kind.as_str())) {
            let message = format!("no event of this version is a `{}`", printable(kind));
            let kinds: Vec<String> = EventSnapshot::KINDS.iter().map(|kind| format!("`{kind}`")).collect();
            let help = format!("the kinds are {}", kinds.join(", "));
            output.complain("warning", Tone::Odd, &message, Some(&help))?;
        }
        Ok(())
    }

    fn passes(&self, event: &Value, from: u64) -> bool {
        let is_of = |wanted: &[String], key: &str| {
            wanted.is_empty() || event[key].as_str().is_some_and(|text| wanted.iter().any(|one| one == text))
        };
        is_of(&self.service, "service")
            && is_of(&self.kind, "kind")
            && event["at_ms"].as_u64().is_some_and(|at| at >= from)
    }
}

/// Waits for the server to come back.
fn again<'r>(
    remote: &'r Remote,
    last: Option<&str>,
    output: &mut Output,
) -> Result<crate::remote::Messages<'r>, Failure> {
    let message = format!("{} is gone; it is asked again each second", remote.name());
    output.complain("warning", Tone::Odd, &message, None)?;
    loop {
        thread::sleep(AGAIN);
        if let Ok(messages) = remote.messages(last) {
            output.complain("note", Tone::Faint, &format!("{} is back", remote.name()), None)?;
            return Ok(messages);
        }
    }
}

/// A reader that comes late is told how many it has missed.
fn missed(snapshot: &Value, output: &mut Output) -> Result<(), Failure> {
    if let Some(count) = snapshot["events_missed"].as_u64().filter(|count| *count > 0) {
        let events = counted(count, "event");
        let message = format!("{events} came too fast, or before this: nobody knows more of it");
        output.complain("warning", Tone::Odd, &message, None)?;
    }
    Ok(())
}

fn write(event: &Value, output: &mut Output) -> Result<(), Failure> {
    if output.is_json() {
        output.json_line(event)?;
    } else {
        let at = output.tint(Tone::Faint, moment(event["at_ms"].as_u64().unwrap_or(0)));
        let what = output.tint(tone(event), sentence(event));
        output.sentence(&format!("{at}  {what}"), "2026-11-28 13:36:01.250  ".len())?;
    }
    // Somebody waits for each of them.
    output.flush()?;
    Ok(())
}

fn tone(event: &Value) -> Tone {
    let text = |key: &str| printable(event[key].as_str().unwrap_or_default());
    match (text("kind").as_str(), text("to").as_str()) {
        ("breaker" | "partition_breaker", "closed") | ("budget_refilled" | "config_applied", _) => Tone::Good,
        ("breaker" | "partition_breaker", "open" | "forced_open") | ("config_refused", _) => Tone::Bad,
        ("override_set" | "override_cleared" | "operator_acted" | "operator_time_up", _) => Tone::Strong,
        _ => Tone::Odd,
    }
}

fn unix_ms() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
