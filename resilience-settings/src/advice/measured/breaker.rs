//! Proposes `failure_rate`. In: measured failures and traffic. Out: the `failure_rate` at which chance alone hardly ever opens the
//! breaker: less than once a day, by the binomial at the share that fails on healthy days.
//!
//! Taken over `min_calls` results, the fewest that it judges by, and over each attempt of a day, since each is judged: neighbouring
//! windows share most of their results, so the true number of false openings is smaller.

use super::conditions::percent;
use super::step::{Computed, propose};
use crate::advice::chances::at_least;
use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::policy::{Key, Value};

const DAY: f64 = 86_400.0;

pub(super) fn failure_rate(subject: &Subject<'_>, facts: &Measured) -> Option<Advice> {
    let breaker = subject.service.breaker.as_ref().filter(|_| subject.call.circuit_breaker_enabled)?;
    let (calls, share) = (breaker.min_calls, facts.failure_share());
    let judged = facts.per_second * DAY;
    let false_openings = |hundredths: u32| {
        // As the breaker compares: failures reach the rate.
        let least = (u64::from(hundredths) * u64::from(calls)).div_ceil(100);
        at_least(u32::try_from(least).unwrap_or(u32::MAX), calls, share) * judged
    };
    let Some(smallest) = (1..=100).find(|hundredths| false_openings(*hundredths) < 1.0) else {
        let number = format!(
            "{} of attempts fail on healthy days, and among {calls} results even all of them do by chance {:.1} times a day",
            percent(share),
            false_openings(100)
        );
        let remedy = "raise `breaker.min_calls`".to_owned();
        return Some(subject.advice(
            (Rule::FailureRate, Verdict::Refused),
            Key::FailureRate,
            (number, remedy),
            Vec::new(),
        ));
    };
    let computed = f64::from(smallest) / 100.0;
    let number = format!(
        "{} of {} attempts failed: {computed} of {calls} results do so by chance {:.2} times a day",
        percent(share),
        facts.attempts,
        false_openings(smallest)
    );
    let (to, today) = (Value::Number(computed), Some(breaker.failure_rate.get()));
    propose(
        subject,
        Computed { rule: Rule::FailureRate, key: Key::FailureRate, today, amount: computed, to, number },
    )
}
