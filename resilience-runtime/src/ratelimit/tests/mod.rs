//! The rate limit driven by hand: what a test passes is what it does, and time is a number.

mod invariants;
mod reload;
mod turns;

use std::time::Duration;

use super::RateLimit;
use crate::clock::Tick;
use crate::policy::{RateSettings, Tokens};

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

fn of(per_second: f64, burst: u32, max_wait: u64) -> RateSettings {
    RateSettings {
        per_second: Tokens::from_number(per_second),
        burst,
        max_wait: Duration::from_nanos(max_wait),
    }
}

fn ask(limit: &RateLimit, settings: &RateSettings, now: u64) -> Result<u64, u64> {
    let whole = |time: Duration| u64::try_from(time.as_nanos()).unwrap();
    limit.turn(settings, Tick(now), Duration::MAX).map(whole).map_err(whole)
}

/// How many may start now.
fn drain(limit: &RateLimit, settings: &RateSettings, now: u64) -> usize {
    (0..10_000).take_while(|_| ask(limit, settings, now) == Ok(0)).count()
}
