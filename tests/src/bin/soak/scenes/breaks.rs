//! Breakers that open, try and close all the time, with trials that are dropped, left alone and cut off. No bulkhead.

use resilience_runtime::comprehensive_retry;

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};

static BY_TIME: Ledger = Ledger::new("breaks", "soak_breaks");
static BY_CALLS: Ledger = Ledger::new("breaks", "soak_breaks_of_calls");

pub(crate) static SCENE: Scene = Scene {
    name: "breaks",
    weight: 6,
    ledgers: &[&BY_TIME, &BY_CALLS],
    temper: Temper { fails: [0.05, 0.8], naps: 0.15, hangs: 0.001, ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker, Probe::LeftTrials],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    if plan.key.is_multiple_of(2) {
        BY_TIME.count(plan.key, async move { by_time(&plan).await })
    } else {
        BY_CALLS.count(plan.key, async move { by_calls(&plan).await })
    }
}

#[comprehensive_retry(
    "soak_breaks",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "50ms",
    deadline = "5s",
    breaker(min_calls = 10, window = "1s", slow_call = "20ms", open_for = "2ms", max_open_for = "20ms")
)]
async fn by_time(plan: &Plan) -> Result<u64, Fault> {
    BY_TIME.body(plan).await
}

#[comprehensive_retry(
    "soak_breaks_of_calls",
    max_attempts = 3,
    base_delay = "1ms",
    max_delay = "1ms",
    attempt_timeout = "50ms",
    deadline = "5s",
    breaker(
        min_calls = 10,
        window = 20,
        open_for = "1ms",
        max_open_for = "10ms",
        half_open_calls = 1,
        success_threshold = 3
    )
)]
async fn by_calls(plan: &Plan) -> Result<u64, Fault> {
    BY_CALLS.body(plan).await
}
