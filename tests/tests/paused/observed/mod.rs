//! `mode = Observe`: the body runs as the plain function, and the rules say what they would have done.

mod body;
mod breaker;
mod decisions;
mod keyed;
mod outermost;
mod shown;
mod switching;
mod written;

use resilience_runtime::monitor::ObservedDecision;

use crate::script::{configure, stats};

/// Settings for `svc`, which is only observed.
fn observe(settings: &str) {
    configure(&format!("mode = 'observe'\n{settings}"));
}

/// What the rules would have done so far, with how many calls.
fn would() -> Vec<(&'static str, u64)> {
    let stats = stats();
    let all = ObservedDecision::ALL.iter().map(|decision| (decision.name(), stats.would(*decision)));
    all.filter(|(_, calls)| *calls > 0).collect()
}
