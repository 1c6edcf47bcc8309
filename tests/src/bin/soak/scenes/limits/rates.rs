//! Turns of a rate limit, waited for and given up; and the client-side throttle.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static TURNS: Ledger = Ledger::new("rates", "soak_rates");
static THROTTLE: Ledger = Ledger::new("throttle", "soak_throttle");

pub(crate) static SCENE: Scene = Scene {
    name: "rates",
    weight: 3,
    ledgers: &[&TURNS],
    temper: Temper { naps: 0.02, ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker, Probe::Turns],
    weather: Weather::fair(),
};

pub(crate) static THROTTLED: Scene = Scene {
    name: "throttle",
    weight: 3,
    ledgers: &[&THROTTLE],
    temper: Temper::USUAL,
    ask: ask_throttled,
    probes: &[Probe::Breaker],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    TURNS.count(plan.key, async move { in_turn(&plan).await })
}

fn ask_throttled(plan: Plan) -> Counted {
    THROTTLE.count(plan.key, async move { throttled(&plan).await })
}

/// At 4 ms per turn, about sixty wait at most.
#[comprehensive_retry(
    "soak_rates",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    rate_limit(per_second = 250, burst = 5, max_wait = "250ms"),
    bulkhead(max_concurrent = 20, max_queue = 20, max_wait = "10s")
)]
async fn in_turn(plan: &Plan) -> Result<u64, Fault> {
    TURNS.body(plan).await
}

#[comprehensive_retry(
    "soak_throttle",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "5s",
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    throttle(k = 2.0, window = "1s")
)]
async fn throttled(plan: &Plan) -> Result<u64, Fault> {
    THROTTLE.body(plan).await
}
