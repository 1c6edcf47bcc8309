//! Load shedding: what the process measures about itself goes in, the priorities that are turned away come out.
//!
//! A process that is short of processor, memory or scheduler time serves nobody well. It does better when it turns
//! away what matters least, at the entry of a call, before any work is done for it. [`SheddingSettings`] says
//! where the thresholds are, [`readings`] and [`rule`] what follows from measurements, and the rest measures:
//! [`host`] processor and memory, [`lag`] the runtime, [`queues`] the queues.
//!
//! Nothing measures until it is asked to. Then one thread does, four times a second, and calls read one byte.
//!
//! [`SheddingSettings`]: crate::policy::SheddingSettings

mod askers;
mod host;
mod lag;
mod level;
mod pressure;
mod queues;
mod readings;
mod rule;
mod sampler;
mod standing;

pub(crate) use askers::Askers;
pub(crate) use host::Host;
pub(crate) use lag::Heart;
pub use level::SheddingLevel;
pub(crate) use pressure::Pressure;
pub(crate) use queues::Queues;
pub(crate) use readings::{Readings, Source};
pub(crate) use rule::Ladder;
