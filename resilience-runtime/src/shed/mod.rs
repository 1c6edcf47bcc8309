//! Load shedding: `pressure` computes how pressed the process is, `level` decides which priorities are rejected at that. In: what
//! the process measures about itself. Out: the priorities of calls that are rejected.
//!
//! A process that is short of processor, memory or scheduler time serves nobody well. It does better when it rejects
//! the least important calls at their entry, before any work is done for them. [`SheddingSettings`] holds the
//! thresholds; [`readings`] and [`level_hysteresis`] turn measurements into a level; the other files measure: [`host`] processor
//! and memory, [`lag`] the runtime, [`queues`] the queues.
//!
//! Nothing is measured until load shedding is started. Then one thread samples four times per second, and calls read
//! one byte.
//!
//! [`SheddingSettings`]: resilience_settings::policy::SheddingSettings

mod host;
mod in_force;
mod lag;
mod level;
mod level_hysteresis;
mod pressure;
mod queues;
mod sampler;
mod sampler_clients;
mod standing_delay;

pub(crate) use host::Host;
pub(crate) use in_force::Pressure;
pub(crate) use lag::LagProbe;
pub use level::SheddingLevel;
pub(crate) use level_hysteresis::LevelHysteresis;
pub(crate) use pressure::{Readings, Source};
pub(crate) use queues::Queues;
pub(crate) use sampler_clients::SamplerClients;
