//! Tests of the whole breaker: scenarios, a reference model, threads, reloads, loom models.

#[cfg(resilience_loom)]
mod explored;
mod extremes;
mod fixture;
mod light_traffic;
mod model;
mod reload;
mod rig;
mod scenarios;
mod threads;
mod time_window;
mod trials;

use std::time::Duration;

use self::fixture::Fixture;
use super::Refused;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

fn after(millis: u64) -> Result<(), Refused> {
    Err(Refused { retry_after: Some(Duration::from_millis(millis)) })
}
