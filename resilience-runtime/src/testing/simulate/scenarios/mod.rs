//! The scenarios, a file each; `table` lists them.

mod capture;
mod collapse;
mod fair;
mod half_open;
mod hedging;
mod herd;
mod jitter;
mod layers;
mod metastable;
mod recovery;
mod retries;
mod table;

pub(super) use self::metastable::episode as metastable_episode;
pub(super) use self::table::SCENARIOS;
