//! How long a call may take at worst: every attempt runs into its timeout, and chance makes every delay as long as it can be.

use std::time::Duration;

use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::delay::WorstCase;
use crate::duration::text;
use crate::policy::Key;

/// The longest time of a call without a deadline; `None` when nothing ends an attempt, or there may be any number of them.
pub(in crate::advice) fn worst_case(subject: &Subject<'_>) -> Option<Duration> {
    let (attempts, timeout) = (subject.attempts()?, subject.call.attempt_timeout?);
    Some(timeout.saturating_mul(attempts).saturating_add(sleeps(subject, Duration::MAX)))
}

fn sleeps(subject: &Subject<'_>, limit: Duration) -> Duration {
    if !subject.retries() {
        return Duration::ZERO;
    }
    WorstCase::of(|key| subject.value(key)).map_or(Duration::ZERO, |delays| delays.longest_sum(limit))
}

pub(super) fn latency(subject: &Subject<'_>) -> Option<Advice> {
    match subject.deadline() {
        None => Some(without_deadline(subject)),
        Some(deadline) => leaves_no_time(subject, deadline),
    }
}

/// Callers of it have no time that they can count on.
fn without_deadline(subject: &Subject<'_>) -> Advice {
    let worst = worst_case(subject);
    let number = match (worst, subject.attempts()) {
        (Some(worst), Some(attempts)) => {
            format!("without a deadline a call may take {}, in {attempts} attempts", text(worst))
        }
        _ => "without a deadline nothing ends a call whose attempt hangs".to_owned(),
    };
    let remedy = "write a `deadline` that its callers can wait for".to_owned();
    let verdict = if worst.is_some() { Verdict::Note } else { Verdict::Problem };
    subject.advice((Rule::WorstCaseLatency, verdict), Key::Deadline, (number, remedy), Vec::new())
}

/// The time for two attempts that time out, and the delay between them; `None` without a timeout.
fn two_attempts(subject: &Subject<'_>) -> Option<Duration> {
    Some(subject.call.attempt_timeout?.saturating_mul(2).saturating_add(first_delay(subject)))
}

fn first_delay(subject: &Subject<'_>) -> Duration {
    subject.call.backoff.base_delay.min(subject.call.backoff.max_delay)
}

/// Whether there is time for another attempt after one that times out, where there are others at all.
pub(in crate::advice) fn has_time(subject: &Subject<'_>, deadline: Duration) -> bool {
    let needed = if subject.retries() { two_attempts(subject) } else { subject.call.attempt_timeout };
    needed.is_none_or(|needed| needed <= deadline)
}

/// After one attempt that times out there is no time for another, so retries help against errors alone.
fn leaves_no_time(subject: &Subject<'_>, deadline: Duration) -> Option<Advice> {
    if !subject.retries() || has_time(subject, deadline) {
        return None;
    }
    let two = two_attempts(subject)?;
    let attempts = subject.attempts().map_or("any number of".to_owned(), |count| count.to_string());
    let worst = worst_case(subject).map_or(String::new(), |worst| format!(" ({} for all)", text(worst)));
    let number = format!(
        "two attempts that time out take {} with the delay between them, and the deadline is {}: of {attempts} attempts{worst} \
         one has its time",
        text(two),
        text(deadline)
    );
    let remedy = format!(
        "lower `attempt_timeout` to at most {}, or raise `deadline`",
        text(half(deadline, first_delay(subject)))
    );
    Some(subject.advice(
        (Rule::WorstCaseLatency, Verdict::Problem),
        Key::Deadline,
        (number, remedy),
        Vec::new(),
    ))
}

fn half(deadline: Duration, delay: Duration) -> Duration {
    let half = deadline.saturating_sub(delay) / 2;
    Duration::from_millis(u64::try_from(half.as_millis()).unwrap_or(u64::MAX))
}
