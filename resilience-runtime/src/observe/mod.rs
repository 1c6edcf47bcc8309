//! What an operator asks of a registry: snapshots of its services, taken when somebody asks, with readings that are taken
//! for as long as somebody does. Above the registry, below what shows it.

mod events;
mod monitor;
mod process;
mod sampler;
mod service;

pub use events::EventReader;
pub use monitor::{Monitor, monitor};
pub use sampler::Monitoring;
