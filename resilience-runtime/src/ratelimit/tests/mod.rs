//! Tests of the whole rate limit. Time is a number that each test passes in.

mod crowd;
mod invariants;
mod reload;
mod rig;
mod slots;
mod threads;
mod waiting;
mod wakers;

use std::time::Duration;

use resilience_settings::policy::{RateSettings, Tokens};

use super::{Entry, RateLimit};
use crate::clock::Tick;
use crate::policy::Pace;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

fn of(per_second: f64, burst: u32, max_wait: u64) -> RateSettings {
    settings!(RateSettings {
        per_second: Tokens::from_number(per_second),
        burst,
        max_wait: Duration::from_nanos(max_wait),
    })
}

/// Starts an attempt now, or says in how many nanoseconds asking again makes sense.
fn start(limit: &RateLimit, settings: &RateSettings, now: u64) -> Result<(), u64> {
    match limit.enter(Pace::of(settings), Tick(now), Tick(now)) {
        Ok(Entry::Slot(slot)) => {
            slot.consume();
            Ok(())
        }
        Ok(Entry::Queued(_)) => panic!("there is no time to wait"),
        Err(later) => Err(u64::try_from(later.as_nanos()).unwrap()),
    }
}

/// How many may start now.
fn drain(limit: &RateLimit, settings: &RateSettings, now: u64) -> usize {
    (0..10_000).take_while(|_| start(limit, settings, now).is_ok()).count()
}
