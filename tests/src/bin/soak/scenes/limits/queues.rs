//! Few slots with a queue and priorities; and an adaptive limit.

use resilience_runtime::{comprehensive_retry, with_priority};

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static FEW: Ledger = Ledger::new("queues", "soak_queues").at_most(4);
static MOVING: Ledger = Ledger::new("adaptive", "soak_adaptive").at_most(40);

pub(crate) static SCENE: Scene = Scene {
    name: "queues",
    weight: 4,
    ledgers: &[&FEW],
    temper: Temper { naps: 0.03, ..Temper::USUAL },
    ask: ask_few,
    probes: &[Probe::Breaker, Probe::Permits, Probe::LeftPermit],
    weather: Weather::fair(),
};

pub(crate) static ADAPTIVE: Scene = Scene {
    name: "adaptive",
    weight: 3,
    ledgers: &[&MOVING],
    temper: Temper::USUAL,
    ask: ask_moving,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

fn ask_few(plan: Plan) -> Counted {
    FEW.count(plan.key, async move { with_priority(plan.priority, few(&plan)).await })
}

fn ask_moving(plan: Plan) -> Counted {
    MOVING.count(plan.key, async move { moving(&plan).await })
}

#[comprehensive_retry(
    "soak_queues",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 3, max_queue = 24, max_wait = "15s")
)]
async fn few(plan: &Plan) -> Result<u64, Fault> {
    FEW.body(plan).await
}

#[comprehensive_retry(
    "soak_adaptive",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    bulkhead(max_concurrent = 40, max_queue = 24, max_wait = "15s", adaptive = true, min_concurrent = 4)
)]
async fn moving(plan: &Plan) -> Result<u64, Fault> {
    MOVING.body(plan).await
}
