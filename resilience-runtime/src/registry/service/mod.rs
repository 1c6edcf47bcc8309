//! Services: the state of each, what it tells of itself, and what operators do with it.

mod breaker_override;
mod event_limits;
mod operator;
mod partition;
mod readings;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod service;
mod service_state;

pub(in crate::registry) use self::breaker_override::BreakerOverride;
pub use self::partition::Partition;
pub use self::service::Service;
pub(crate) use self::service_state::{ServiceState, ThreadShard};
