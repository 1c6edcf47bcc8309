//! Queries about a registry. In: the live state of its services. Out: snapshots, health and events, taken when asked
//! for; sampling runs for as long as somebody asks. Above the registry, below what shows the data.

mod asked_once;
mod events;
mod monitor;
mod process;
mod sampler;
mod service;

pub use events::EventReader;
pub use monitor::{Monitor, monitor};
pub(crate) use sampler::Sampling;
