//! Retries without a delay under a bulkhead with thread-local permits, while breaks begin and end during attempts.
//!
//! The breaks are so short that one which began after an attempt started is over when the attempt fails. Its retry then
//! finds a breaker that is neither closed nor in a break, and holds a place under the cap and perhaps a slot.

use resilience_runtime::comprehensive_retry;

use crate::checks::ledger::{Counted, Ledger};
use crate::plan::{Fault, Plan, Temper};
use crate::scenes::{Probe, Scene, Weather};

static LEDGER: Ledger = Ledger::new("permits", "soak_permits").at_most(64);

pub(crate) static SCENE: Scene = Scene {
    name: "permits",
    weight: 8,
    ledgers: &[&LEDGER],
    temper: Temper { fails: [0.3, 0.9], naps: 0.15, ..Temper::USUAL },
    ask,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

fn ask(plan: Plan) -> Counted {
    LEDGER.count(plan.key, async move { admitted(&plan).await })
}

#[comprehensive_retry(
    "soak_permits",
    max_attempts = 4,
    base_delay = 0,
    attempt_timeout = "1s",
    deadline = "20s",
    budget = off,
    breaker(
        consecutive_failures = 4,
        open_for = "1ms",
        max_open_for = "2ms",
        half_open_calls = 1,
        success_threshold = 3
    ),
    bulkhead(max_concurrent = 64, max_queue = 64, max_wait = "10s")
)]
async fn admitted(plan: &Plan) -> Result<u64, Fault> {
    LEDGER.body(plan).await
}
