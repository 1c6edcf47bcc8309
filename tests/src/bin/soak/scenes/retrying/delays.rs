//! Retries after a delay, for which the call releases its slot and queues again.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static LEDGER: Ledger = Ledger::new("delays", "soak_delays").at_most(24);

pub(crate) static SCENE: Scene = Scene {
    name: "delays",
    weight: 4,
    ledgers: &[&LEDGER],
    temper: Temper { fails: [0.1, 0.6], ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { patient(&plan).await })
}

#[comprehensive_retry(
    "soak_delays",
    max_attempts = 4,
    strategy = DecorrelatedJitter,
    base_delay = "1ms",
    max_delay = "4ms",
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 24, max_queue = 40, max_wait = "10s")
)]
async fn patient(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
