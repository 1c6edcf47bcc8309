//! Retries paid from tokens and from quotas; with and without counting by time.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Scene, Weather};

static TOKENS: Ledger = Ledger::new("budgets", "soak_budgets").paying(0.1, 20, 5);
static QUOTAS: Ledger = Ledger::new("quotas", "soak_quotas");

pub(crate) static SCENE: Scene = Scene {
    name: "budgets",
    weight: 4,
    ledgers: &[&TOKENS],
    temper: Temper { fails: [0.3, 0.9], naps: 0.05, ..Temper::USUAL },
    ask,
    probes: &[],
    weather: Weather::fair(),
};

pub(crate) static WINDOWED: Scene = Scene {
    name: "quotas",
    weight: 2,
    ledgers: &[&QUOTAS],
    temper: Temper { fails: [0.1, 0.9], naps: 0.05, ..Temper::USUAL },
    ask: ask_quotas,
    probes: &[],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    TOKENS.count(plan.key, async move { paid(&plan).await })
}

fn ask_quotas(plan: Plan) -> Counted {
    QUOTAS.count(plan.key, async move { within_quota(&plan).await })
}

#[comprehensive_retry(
    "soak_budgets",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "5s",
    breaker = off,
    budget(ratio = 0.1, burst_capacity = 20, min_per_second = 5)
)]
async fn paid(plan: &Plan) -> Result<u64, Fault> {
    TOKENS.body(plan).await
}

#[comprehensive_retry(
    "soak_quotas",
    max_attempts = 3,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "5s",
    breaker = off,
    budget(kind = SlidingWindow, max_retries_per_minute = 5_000, max_retries_per_hour = 100_000, burst_capacity = 300)
)]
async fn within_quota(plan: &Plan) -> Result<u64, Fault> {
    QUOTAS.body(plan).await
}
