//! Handles: services whose names are known only at run time, and bodies made by a closure.

use std::sync::LazyLock;
use std::time::Duration;

use resilience_runtime::Resilient;
use resilience_runtime::policy::Window;

use super::{Probe, Scene, Weather};
use crate::checks::ledger::{Counted, Ledger};
use crate::foreign::hazards::{Hazard, strike};
use crate::plan::{Plan, Temper};

static FIRST: Ledger = Ledger::new("unwritten", "soak_unwritten_0").at_most(32);
static SECOND: Ledger = Ledger::new("unwritten", "soak_unwritten_1").at_most(32);

pub(crate) static SCENE: Scene = Scene {
    name: "unwritten",
    weight: 2,
    ledgers: &[&FIRST, &SECOND],
    temper: Temper::USUAL,
    ask,
    probes: &[Probe::Breaker, Probe::Permits],
    weather: Weather::fair(),
};

static HANDLES: LazyLock<[Resilient; 2]> = LazyLock::new(|| [handle(0), handle(1)]);

fn handle(number: u64) -> Resilient {
    Resilient::service(format!("soak_unwritten_{number}"))
        .max_attempts(3)
        .base_delay(Duration::ZERO)
        .attempt_timeout(Duration::from_secs(1))
        .deadline(Duration::from_secs(20))
        .budget(false)
        .breaker_consecutive_failures(Some(4))
        .breaker_window(Window::Time(Duration::from_secs(1)))
        .breaker_open_for(Duration::from_millis(1))
        .breaker_max_open_for(Duration::from_millis(2))
        .bulkhead_max_concurrent(32)
        .bulkhead_max_queue(64)
        .bulkhead_max_wait(Duration::from_secs(10))
        .build()
}

fn ask(plan: Plan) -> Counted {
    let number = plan.key % 2;
    let ledger = if number == 0 { &FIRST } else { &SECOND };
    ledger.count(plan.key, async move {
        let body = || {
            let inside = ledger.enter();
            strike(Hazard::Callbacks, 0.001);
            let attempt = plan.run();
            async move {
                let _inside = inside;
                attempt.await
            }
        };
        // Some calls create their handle, which leads to the same site; some have a deadline of their own.
        match plan.key % 3 {
            0 => handle(number).call(body).await,
            1 => HANDLES[usize::from(number == 1)].call(body).deadline(Duration::from_secs(19)).await,
            _ => HANDLES[usize::from(number == 1)].call(body).await,
        }
    })
}
