//! Rules of the call site that panic, on an otherwise plain call.

use resilience_runtime::{Recovery, comprehensive_retry};

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::hazards::{Hazard, strike};
use crate::plan::{Fault, Plan, Temper};

static LEDGER: Ledger = Ledger::new("rules", "soak_rules").at_most(40);

pub(crate) static SCENE: Scene = Scene {
    name: "rules",
    weight: 3,
    ledgers: &[&LEDGER],
    temper: Temper { fails: [0.1, 0.6], ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

const SHARE: f64 = 0.005;

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { ruled(&plan).await })
}

fn judged(fault: &Fault) -> Recovery {
    strike(Hazard::Callbacks, SHARE);
    match fault {
        Fault::Down | Fault::Refused => Recovery::retry(),
        _ => Recovery::never(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that `retry_if_ok` asks for")]
fn is_unwanted(_: &u64) -> bool {
    strike(Hazard::Callbacks, SHARE / 10.0);
    false
}

fn is_listed(_: &Fault) -> bool {
    strike(Hazard::Callbacks, SHARE);
    true
}

#[comprehensive_retry(
    "soak_rules",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(consecutive_failures = 4, open_for = "1ms", max_open_for = "2ms", record_if = is_listed),
    bulkhead(max_concurrent = 40, max_queue = 40, max_wait = "10s"),
    on_error = judged,
    retry_if_ok = is_unwanted,
    retry_if = is_listed
)]
async fn ruled(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
