//! Services: the state of each, what it tells of itself, and what operators do with it.

mod last_news;
mod operator;
mod partition;
mod readings;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod service;
mod state;
mod wish;

pub use self::partition::Partition;
pub use self::service::Service;
pub(crate) use self::state::{ServiceState, ThreadShard};
pub(in crate::registry) use self::wish::Wish;
