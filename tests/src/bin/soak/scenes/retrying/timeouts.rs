//! Attempts that hang until their timeout: if a timer is lost, the call never ends.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static BY_TIMEOUT: Ledger = Ledger::new("timeouts", "soak_timeouts");
static BY_DEADLINE: Ledger = Ledger::new("timeouts", "soak_deadlines");
static BY_LATENCY: Ledger = Ledger::new("timeouts", "soak_latencies");

pub(crate) static SCENE: Scene = Scene {
    name: "timeouts",
    weight: 4,
    ledgers: &[&BY_TIMEOUT, &BY_DEADLINE, &BY_LATENCY],
    temper: Temper { hangs: 0.03, ..Temper::USUAL },
    ask,
    probes: &[Probe::Timeout],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    match plan.key % 4 {
        0 => BY_LATENCY.count(plan.key, async move { by_latency(&plan).await }),
        1 => BY_DEADLINE.count(plan.key, async move { by_deadline(&plan).await }),
        _ => BY_TIMEOUT.count(plan.key, async move { by_timeout(&plan).await }),
    }
}

#[comprehensive_retry(
    "soak_timeouts",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "4ms",
    deadline = off,
    breaker = off
)]
async fn by_timeout(plan: &Plan) -> Result<u64, Fault> {
    BY_TIMEOUT.body(plan).await
}

#[comprehensive_retry(
    "soak_latencies",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = adaptive(floor = "2ms", ceiling = "4ms", factor = 2, quantile = P95),
    deadline = off,
    breaker = off
)]
async fn by_latency(plan: &Plan) -> Result<u64, Fault> {
    BY_LATENCY.body(plan).await
}

#[comprehensive_retry(
    "soak_deadlines",
    max_attempts = 3,
    base_delay = "1ms",
    max_delay = "2ms",
    attempt_timeout = off,
    deadline = "6ms",
    breaker = off
)]
async fn by_deadline(plan: &Plan) -> Result<u64, Fault> {
    BY_DEADLINE.body(plan).await
}
