//! Asks the rules about one service without measurements, in their order: a new one begins here. In: a service. Out: what is said
//! of its settings.

use super::{latency, never, retries};
use crate::advice::piece::Advice;
use crate::advice::subject::Subject;

/// What is said of its settings.
pub(in crate::advice) fn alone(subject: &Subject<'_>) -> Vec<Advice> {
    let found =
        [latency::latency(subject), retries::without_budget(subject), retries::without_chance(subject)];
    found.into_iter().flatten().chain(never::never(subject)).collect()
}
