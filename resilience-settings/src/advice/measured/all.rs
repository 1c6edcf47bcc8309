//! Asks the rules about measured numbers of a service, in their order: a new one begins here. In: a service and its numbers. Out:
//! proposals and refusals.

use super::{breaker, budget, bulkhead, conditions, hedge, timeout};
use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Verdict};
use crate::advice::subject::Subject;

/// What is proposed for a service, or why not. `capacity` is how many attempts per second it bears, where that is known.
pub(in crate::advice) fn measured(
    subject: &Subject<'_>,
    facts: &Measured,
    capacity: Option<f64>,
) -> Vec<Advice> {
    let unfit = conditions::unfit(subject, facts);
    if !unfit.is_empty() {
        return unfit;
    }
    let timed_out = conditions::times_out(subject, facts);
    if let Some(refused) = timed_out {
        // What is cut off would take longer: of all that is made from times, a longer timeout alone is safe.
        let timeout = timeout::attempt_timeout(subject, facts, timeout::Direction::Longer);
        return [refused].into_iter().chain(timeout).collect();
    }
    let mut advice: Vec<Advice> =
        timeout::attempt_timeout(subject, facts, timeout::Direction::Either).into_iter().collect();
    advice.extend(bulkhead::bulkhead(subject, facts));
    advice.extend(budget::ratio(subject, facts, capacity));
    advice.extend(hedge::hedge(subject, facts));
    advice.extend(breaker::failure_rate(subject, facts));
    debug_assert!(advice.iter().all(|one| one.verdict != Verdict::Problem));
    advice
}
