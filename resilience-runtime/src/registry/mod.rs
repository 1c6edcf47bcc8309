//! Everything alive: services by name, the sites bound to them, the settings in force.
//!
//! A [`Registry`] is a plain value. The program has one behind a static; with feature `testing`, a future may
//! have one of its own.

mod announce;
mod blind_retries;
mod call_path;
mod chance;
#[cfg(feature = "testing")]
mod chaos;
mod configuration;
mod enter;
mod global;
mod idempotency;
mod interner;
#[cfg(feature = "testing")]
pub(crate) mod isolated;
mod kept_events;
mod partitions;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod registry;
mod retry_costs;
mod service;
mod shared;
mod shedding;
mod site;
mod targets;

pub(crate) use self::call_path::{CallPath, SiteId};
#[cfg(feature = "config")]
pub use self::configuration::{ConfigWatch, load_config_from_file, watch_config_file};
pub(crate) use self::configuration::{Definition, Glance};
pub use self::configuration::{Reloads, clear_update, explain, inventory, update_service};
#[cfg(not(feature = "testing"))]
pub(crate) use self::global::clock_of_program;
#[cfg(feature = "testing")]
pub(crate) use self::global::global;
pub use self::global::registry;
pub(crate) use self::idempotency::{StoreSet, StoreState};
pub(crate) use self::partitions::PartitionState;
pub use self::registry::Registry;
pub(crate) use self::service::{ObservedSeat, ServiceState, ShardWriter, ThreadShard};
pub use self::service::{Partition, Service};
pub(crate) use self::shared::Shared;
pub use self::shedding::{Shedding, start_load_shedding};
pub(crate) use self::site::BoundSite;
pub use self::site::Site;
pub(crate) use self::targets::Target;
