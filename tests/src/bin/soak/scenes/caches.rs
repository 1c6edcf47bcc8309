//! Caches before the call, where many share one execution, and after it.

use resilience_runtime::comprehensive_retry;

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::names::{Name, Value};
use crate::plan::{Fault, Plan, Temper};

static SHARED: Ledger = Ledger::new("flights", "soak_flights").with_stand_ins();
static KEPT: Ledger = Ledger::new("kept", "soak_kept").with_stand_ins();

const TEMPER: Temper = Temper { naps: 0.3, hangs: 0.001, keys: 48, ..Temper::USUAL };

pub(crate) static THROUGH: Scene = Scene {
    name: "flights",
    weight: 4,
    ledgers: &[&SHARED],
    temper: TEMPER,
    ask: ask_shared,
    probes: &[Probe::Breaker, Probe::Keys, Probe::LeftFlight],
    weather: Weather::fair(),
};

pub(crate) static AFTER: Scene = Scene {
    name: "kept",
    weight: 3,
    ledgers: &[&KEPT],
    temper: TEMPER,
    ask: ask_kept,
    probes: &[Probe::Breaker, Probe::Keys],
    weather: Weather::fair(),
};

fn ask_shared(plan: Plan) -> Counted {
    SHARED.count(plan.key, async move { shared(&plan).await.map(|value| value.get()) })
}

fn ask_kept(plan: Plan) -> Counted {
    KEPT.count(plan.key, async move { kept(&plan).await.map(|value| value.get()) })
}

#[comprehensive_retry(
    "soak_flights",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "100ms",
    deadline = "1s",
    budget = off,
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    cache(key = Name::new(plan.key), mode = ReadThrough, ttl = "2ms", stale_for = "1ms", capacity = 32)
)]
async fn shared(plan: &Plan) -> Result<Value, Fault> {
    SHARED.body(plan).await.map(Value::new)
}

#[comprehensive_retry(
    "soak_kept",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "100ms",
    deadline = "5s",
    budget = off,
    breaker(consecutive_failures = 20, open_for = "1ms", max_open_for = "2ms"),
    cache(key = Name::new(plan.key), ttl = "20ms", stale_for = "20ms", capacity = 32)
)]
async fn kept(plan: &Plan) -> Result<Value, Fault> {
    KEPT.body(plan).await.map(Value::new)
}
