//! Writes what has happened to a service as a person reads it. In: entries of the record. Out: a line for each.

use std::fmt::{self, Write as _};
use std::time::Duration;

use resilience_settings::printable::Printable;

use crate::events::CallStep;
use crate::monitor::{Entry, What};

/// One entry as a line, without its end.
pub(super) struct Line<'a>(pub(super) &'a Entry);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { at, service, what } = self.0;
        write!(f, "{:>10} s  ", seconds(*at))?;
        match *what {
            What::Step(step) => write_step(step, f),
            What::Breaker { is_of_partition, from, to, opened_by, failures } => {
                let whose = if is_of_partition { "breaker of a partition" } else { "breaker" };
                write!(f, "{whose}: {from} -> {to}")?;
                if let Some(rule) = opened_by {
                    write!(f, ", by `{rule}`")?;
                }
                if let Some((failures, calls)) = failures {
                    write!(f, ", {failures} failures in {calls} results")?;
                }
                Ok(())
            }
            What::Rare { kind, from, to } => {
                if service.is_none() {
                    f.write_str("of the process: ")?;
                }
                f.write_str(kind)?;
                match (from, to) {
                    (Some(from), Some(to)) => write!(f, ": {from} -> {to}"),
                    _ => Ok(()),
                }
            }
        }
    }
}

fn write_step(step: CallStep, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match step {
        CallStep::CallBegan { function } => write!(f, "call of `{}`", Printable(function)),
        CallStep::AttemptEnded { number, why, outcome, class } => {
            let later = if number == 5 { " or later" } else { "" };
            let copy = if why == "hedge" { ", a copy" } else { "" };
            write!(f, "attempt {number}{later}{copy}: {outcome}")?;
            match class {
                Some(class) => write!(f, " ({})", Printable(class)),
                None => Ok(()),
            }
        }
        CallStep::RetryBegan { attempt } => write!(f, "attempt {attempt} begins, a retry"),
        CallStep::CallEnded { outcome, rejection: None } => write!(f, "call ended: {outcome}"),
        CallStep::CallEnded { outcome, rejection: Some(kind) } => write!(f, "call ended: {outcome} ({kind})"),
        CallStep::Injected { rule, fault } => {
            write!(f, "injected by `{}`: {}", Printable(rule), Printable(fault))
        }
        CallStep::Answered { source } => write!(f, "answered by something else: {source}"),
        CallStep::AnsweredAhead { stale: false } => f.write_str("answered by the cache"),
        CallStep::AnsweredAhead { stale: true } => f.write_str("answered by the cache, stale"),
        CallStep::Key { result } => write!(f, "idempotency key: {result}"),
    }
}

/// As many digits as it takes, to a tenth of a millisecond.
fn seconds(time: Duration) -> String {
    let mut text = format!("{:.4}", time.as_secs_f64());
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    text
}

/// All of them.
pub(super) fn lines<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    entries.fold(String::new(), |mut lines, entry| {
        let _ = writeln!(lines, "{}", Line(entry));
        lines
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_with_the_digits_that_say_something() {
        for (millis, text) in [(0, "0"), (1_500, "1.5"), (54, "0.054"), (7_200_000, "7200"), (100, "0.1")] {
            assert_eq!(seconds(Duration::from_millis(millis)), text);
        }
        assert_eq!(seconds(Duration::from_nanos(54_123_456)), "0.0541");
    }
}
