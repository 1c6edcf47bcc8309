//! Proposes `attempt_timeout`. In: measured attempt latencies. Out: another `attempt_timeout`, shorter or longer: twice the p99.9,
//! or three times the p99 while there are too few for that; at least 20 ms. About one attempt in a thousand that would have
//! succeeded is then cut off at the most (AWS Builders' Library, "Timeouts, retries, and backoff with jitter"). Within the deadline
//! there stays time for another attempt after one that times out, where there are others.

use std::fmt::Write as _;
use std::time::Duration;

use super::step::{Computed, Step, propose, step};
use crate::advice::alone::longest_attempt;
use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::{Key, Value};

/// Of fewer attempts the slowest thousandth is chance.
const ENOUGH: u64 = 10_000;
/// A shorter timeout measures the scheduler.
const LEAST: Duration = Duration::from_millis(20);

/// Which proposals are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Either,
    Longer,
}

pub(super) fn attempt_timeout(
    subject: &Subject<'_>,
    facts: &Measured,
    direction: Direction,
) -> Option<Advice> {
    // An adaptive one does this by itself.
    if subject.call.adaptive_timeout.is_some() {
        return None;
    }
    let (factor, quantile, name) =
        if facts.succeeded >= ENOUGH { (2, facts.p999?, "p99.9") } else { (3, facts.p99?, "p99") };
    let wanted = whole_millis(quantile.saturating_mul(factor)).max(LEAST);
    let bound = longest_attempt(subject).filter(|bound| *bound < wanted);
    let computed = bound.unwrap_or(wanted);
    let today = subject.call.attempt_timeout;
    if direction == Direction::Longer && today.is_none_or(|today| wanted <= today) {
        return None;
    }
    let mut number =
        format!("{factor} × {name} of {} attempts, {}, is {}", facts.succeeded, text(quantile), text(wanted));
    if let (Some(bound), Some(deadline)) = (bound, subject.deadline()) {
        let attempts = if subject.retries() { "two attempts" } else { "one attempt" };
        let _ = write!(
            number,
            ", and {attempts} within the deadline of {} leave {} each",
            text(deadline),
            text(bound)
        );
        let is_near = |time: Duration| {
            today.is_some_and(|today| step(today.as_secs_f64(), time.as_secs_f64()) == Step::None)
        };
        if is_near(wanted) || is_near(bound) {
            return None;
        }
        // A longer one is better than today's all the same; a shorter one would cut off what succeeds.
        let is_longer = today.map_or(bound >= quantile.max(LEAST), |today| bound > today);
        if !is_longer {
            let remedy = "raise `deadline`, or make fewer attempts".to_owned();
            let rule = (Rule::AttemptTimeout, Verdict::Refused);
            return Some(subject.advice(rule, Key::AttemptTimeout, (number, remedy), Vec::new()));
        }
    }
    propose(
        subject,
        Computed {
            rule: Rule::AttemptTimeout,
            key: Key::AttemptTimeout,
            today: today.map(|today| today.as_secs_f64()),
            amount: computed.as_secs_f64(),
            to: Value::Duration(computed),
            number,
        },
    )
}

/// Rounded up.
fn whole_millis(time: Duration) -> Duration {
    // A nanosecond less than what it is rounded to.
    whole(time.saturating_add(Duration::from_nanos(999_999)), Duration::from_millis(1))
}
