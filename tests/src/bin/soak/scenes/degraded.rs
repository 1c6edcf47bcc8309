//! Degradation of failed calls: another service, a function, a fixed answer.

use resilience_runtime::comprehensive_retry;

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::hazards::{Hazard, strike};
use crate::plan::{Fault, Plan, Temper};

static FIRST: Ledger = Ledger::new("degraded", "soak_degraded").with_stand_ins();
static SECOND: Ledger = Ledger::new("degraded", "soak_redirected");

pub(crate) static SCENE: Scene = Scene {
    name: "degraded",
    weight: 3,
    ledgers: &[&FIRST, &SECOND],
    temper: Temper { fails: [0.2, 0.8], ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    FIRST.count(plan.key, async move { answered(&plan).await })
}

async fn elsewhere(plan: &Plan) -> Result<u64, Fault> {
    let plan = plan.rest();
    SECOND.count(plan.key, async move { redirected(&plan).await }).await
}

async fn stands_in(plan: &Plan, fault: &Fault) -> Result<u64, Fault> {
    strike(Hazard::Callbacks, 0.005);
    if plan.key.is_multiple_of(3) { Err(fault.clone()) } else { Ok(1) }
}

#[comprehensive_retry(
    "soak_degraded",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "5s",
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    redirect = elsewhere,
    fallback = stands_in,
    static_response = 2
)]
async fn answered(plan: &Plan) -> Result<u64, Fault> {
    FIRST.body(plan).await
}

#[comprehensive_retry(
    "soak_redirected",
    max_attempts = 1,
    attempt_timeout = "1s",
    deadline = "5s",
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms")
)]
async fn redirected(plan: &Plan) -> Result<u64, Fault> {
    SECOND.body(plan).await
}
