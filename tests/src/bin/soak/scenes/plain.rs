//! Only retries without a delay, or nothing at all: the fast paths of the library.

use resilience_runtime::{comprehensive_retry, graceful_degradation};

use super::{Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};

static RETRIES: Ledger = Ledger::new("plain", "soak_plain");
static ONCE: Ledger = Ledger::new("plain", "soak_once").with_stand_ins();

pub(crate) static SCENE: Scene = Scene {
    name: "plain",
    weight: 3,
    ledgers: &[&RETRIES, &ONCE],
    temper: Temper::USUAL,
    ask,
    probes: &[],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    if plan.key.is_multiple_of(2) {
        RETRIES.count(plan.key, async move { plain(&plan).await })
    } else {
        ONCE.count(plan.key, once(plan))
    }
}

#[comprehensive_retry(
    "soak_plain",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = off,
    deadline = off,
    budget = off,
    breaker = off
)]
async fn plain(plan: &Plan) -> Result<u64, Fault> {
    RETRIES.body(plan).await
}

#[graceful_degradation("soak_once", static_response = 1)]
async fn once(plan: Plan) -> Result<u64, Fault> {
    ONCE.body(&plan).await
}
