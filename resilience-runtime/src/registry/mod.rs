//! Everything alive: services by name, the sites bound to them, the settings in force.
//!
//! A [`Registry`] is a plain value. The program has one behind a static; with feature `testing`, a future may
//! have one of its own.

mod announce;
mod bindings;
mod blind;
mod bound;
mod by_name;
mod configuration;
mod degradation;
mod enter;
mod findings;
mod global;
mod interner;
#[cfg(feature = "testing")]
pub(crate) mod isolated;
mod known;
mod lineage;
mod link;
mod linked_sites;
mod live;
#[cfg(feature = "config")]
mod load;
mod partition;
mod partitions;
mod provided;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod registry;
mod resolve;
mod service;
mod shared;
mod shedding;
mod site;
mod target;
mod timers_needed;
mod unwritten;
mod unwritten_sites;
mod updates;
#[cfg(feature = "config")]
mod watched;

pub(crate) use self::bound::Bound;
pub use self::configuration::Reloads;
pub use self::global::registry;
pub(crate) use self::lineage::{Lineage, SiteId};
pub(crate) use self::live::Part;
pub use self::partition::Partition;
pub(crate) use self::partitions::Place;
pub use self::registry::Registry;
pub use self::service::Service;
pub use self::shedding::{Shedding, start_load_shedding};
pub use self::site::Site;
pub(crate) use self::target::{Seating, Target};
pub(crate) use self::unwritten_sites::Definition;
pub use self::updates::{clear_update, explain, inventory, update_service};
#[cfg(feature = "config")]
pub use self::watched::{ConfigWatch, load_config_from_file, watch_config_file};
