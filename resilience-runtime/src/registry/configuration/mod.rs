//! The settings in force: where they come from, and how others take their place while calls go on.

mod bindings;
mod by_name;
mod chaos_findings;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod configuration;
mod findings;
mod glance;
mod known;
#[cfg(feature = "config")]
mod load;
mod resolve;
mod timers_needed;
mod unwritten;
mod unwritten_sites;
mod updates;
#[cfg(feature = "config")]
mod watched;

pub(super) use self::bindings::ByName;
pub use self::configuration::Reloads;
pub(super) use self::configuration::{Configuration, Version};
pub(crate) use self::glance::Glance;
pub(super) use self::timers_needed::require_timers_of;
pub(crate) use self::unwritten_sites::Definition;
pub use self::updates::{clear_update, explain, inventory, update_service};
#[cfg(feature = "config")]
pub use self::watched::{ConfigWatch, load_config_from_file, watch_config_file};
