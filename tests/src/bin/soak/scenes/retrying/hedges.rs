//! Attempts with copies: each copy has permits, and some copies lose before they are polled.

use resilience_runtime::{Recovery, comprehensive_retry};

use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::hazards::{Hazard, strike};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static LEDGER: Ledger = Ledger::new("hedges", "soak_hedges").with_copies().at_most(30);

pub(crate) static SCENE: Scene = Scene {
    name: "hedges",
    weight: 3,
    ledgers: &[&LEDGER],
    temper: Temper { naps: 0.3, ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { hedged(&plan).await })
}

fn judged(fault: &Fault) -> Recovery {
    strike(Hazard::Callbacks, 0.01);
    match fault {
        Fault::Down => Recovery::retry(),
        _ => Recovery::never(),
    }
}

#[comprehensive_retry(
    "soak_hedges",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget(ratio = 0.5, burst_capacity = 100, min_per_second = 100),
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 30, max_queue = 40, max_wait = "10s"),
    idempotent = true,
    hedge(after = "1ms", max = 2),
    on_error = judged
)]
async fn hedged(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
