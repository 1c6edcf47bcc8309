//! More tenants than partitions, each with a breaker and slots of its own.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::names::Name;
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static LEDGER: Ledger = Ledger::new("partitions", "soak_partitions");

pub(crate) static SCENE: Scene = Scene {
    name: "partitions",
    weight: 4,
    ledgers: &[&LEDGER],
    temper: Temper { keys: 40, ..Temper::USUAL },
    ask,
    probes: &[Probe::Partitions],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { of_tenant(&plan).await })
}

#[comprehensive_retry(
    "soak_partitions",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    partition = Name::new(plan.key),
    max_partitions = 16,
    breaker(consecutive_failures = 4, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 16, max_queue = 16, max_wait = "10s")
)]
async fn of_tenant(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
