//! More calls than two slots can serve within their deadline: waiters are passed over, rejected and too late.

use resilience_runtime::{comprehensive_retry, with_priority};

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Scene, Weather};

static LEDGER: Ledger = Ledger::new("overload", "soak_overload").at_most(3);

pub(crate) static SCENE: Scene = Scene {
    name: "overload",
    weight: 3,
    ledgers: &[&LEDGER],
    temper: Temper { fails: [0.01, 0.2], naps: 0.4, ..Temper::USUAL },
    ask,
    probes: &[],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { with_priority(plan.priority, overloaded(&plan)).await })
}

#[comprehensive_retry(
    "soak_overload",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = off,
    deadline = "12ms",
    budget = off,
    breaker = off,
    bulkhead(max_concurrent = 3, max_queue = 40)
)]
async fn overloaded(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
