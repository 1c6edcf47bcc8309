//! Calls inside calls: of another service with retries of its own, and of the same service, which pass through.

use resilience_runtime::comprehensive_retry;

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};

static OUTER: Ledger = Ledger::new("nested", "soak_outer").at_most(48);
static INNER: Ledger = Ledger::new("nested", "soak_inner").at_most(48);

pub(crate) static SCENE: Scene = Scene {
    name: "nested",
    weight: 4,
    ledgers: &[&OUTER, &INNER],
    temper: Temper::USUAL,
    ask,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    OUTER.count(plan.key, async move { outer(&plan).await })
}

#[comprehensive_retry(
    "soak_outer",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(consecutive_failures = 4, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 48, max_queue = 64, max_wait = "10s")
)]
async fn outer(plan: &Plan) -> Result<u64, Fault> {
    let _inside = OUTER.enter();
    let within = plan.rest();
    if plan.key.is_multiple_of(4) {
        return passes_through(&within).await;
    }
    let called = INNER.count(within.key, async move { inner(&within).await }).await?;
    if plan.key % 4 == 1 { Ok(called) } else { plan.run().await }
}

/// No ledger counts it.
#[comprehensive_retry("soak_outer")]
async fn passes_through(plan: &Plan) -> Result<u64, Fault> {
    plan.run().await
}

#[comprehensive_retry(
    "soak_inner",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(consecutive_failures = 4, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 32, max_queue = 64, max_wait = "10s")
)]
async fn inner(plan: &Plan) -> Result<u64, Fault> {
    INNER.body(plan).await
}
