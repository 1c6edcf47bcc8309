//! Advises where the worst-case latency of a call breaks a bound. In: a service. Out: advice where its worst-case latency, with
//! every retry and timeout, breaks a bound. Every attempt waits as long as it may and then runs into its timeout, and chance makes
//! every delay as long as it can be. What a server asks for with `Retry-After` is left out: it answered, so that attempt did not
//! time out, and with it counted every call would last until its deadline.

use std::time::Duration;

use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::delay::WorstCase;
use crate::duration::text;
use crate::policy::{HedgeAfter, Key};

/// The longest time of a call without a deadline; `None` when nothing ends an attempt, or there may be any number of them.
pub(in crate::advice) fn worst_case(subject: &Subject<'_>) -> Option<Duration> {
    let (attempts, timeout) = (subject.attempts()?, subject.call.attempt_timeout?);
    let each = timeout.saturating_add(waits(subject)).saturating_add(until_last_copy(subject));
    Some(each.saturating_mul(attempts).saturating_add(sleeps(subject, Duration::MAX)))
}

/// What `worst_case` adds up, in words.
pub(in crate::advice) fn made_of(subject: &Subject<'_>) -> String {
    let mut parts = Vec::new();
    if let (Some(attempts), Some(timeout)) = (subject.attempts(), subject.call.attempt_timeout) {
        let noun = if attempts == 1 { "attempt" } else { "attempts" };
        parts.push(format!("{attempts} {noun} of {}", text(timeout)));
    }
    for (time, what) in [
        (waits(subject), "of waiting before each"),
        (until_last_copy(subject), "until the last copy of each"),
        (sleeps(subject, Duration::MAX), "of delays"),
    ] {
        if !time.is_zero() {
            parts.push(format!("{} {what}", text(time)));
        }
    }
    let more = if subject.retries() { ", without what a `Retry-After` adds" } else { "" };
    format!("{}{more}", parts.join(", "))
}

/// How long an attempt may wait for its turn and its permit. Neither is a part of its timeout.
fn waits(subject: &Subject<'_>) -> Duration {
    let for_turn = subject.service.rate_limit.as_ref().map_or(Duration::ZERO, |rate| rate.max_wait);
    let for_permit = subject.service.bulkhead.as_ref().map_or(Duration::ZERO, |bulkhead| bulkhead.max_wait);
    for_turn.saturating_add(for_permit)
}

/// Each copy has the whole timeout. One that starts at a percentile starts early beside that.
fn until_last_copy(subject: &Subject<'_>) -> Duration {
    match &subject.call.hedge {
        Some(hedge) => match hedge.after {
            HedgeAfter::Fixed(after) => after.saturating_mul(hedge.max),
            HedgeAfter::Quantile(_) => Duration::ZERO,
        },
        None => Duration::ZERO,
    }
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
    let number = match worst {
        Some(worst) => {
            format!("without a deadline a call may take {}: {}", text(worst), made_of(subject))
        }
        None => "without a deadline nothing ends a call whose attempt hangs".to_owned(),
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

/// The longest attempt timeout for which there is that time.
pub(in crate::advice) fn longest_attempt(subject: &Subject<'_>) -> Option<Duration> {
    let deadline = subject.deadline()?;
    Some(if subject.retries() { half(deadline, first_delay(subject)) } else { deadline })
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
