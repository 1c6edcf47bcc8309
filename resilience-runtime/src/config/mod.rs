//! Settings: TOML text becomes checked layers, and layers become the effective policy of each call site,
//! with the origin of every value.
//!
//! ```toml
//! [services.search]
//! template = "http_api"       # or one of [templates]
//! max_attempts = 5
//! base_delay = "200ms"        # or a number of seconds
//!
//! [services.search.breaker]
//! window = "30s"              # or a number of calls
//!
//! [overrides.search]          # in an emergency
//! deadline = "1s"
//! ```
//!
//! [`create_default_config_file`] writes a file that explains every key.
//!
//! # Layers
//!
//! From lowest to highest:
//!
//! 1. the built-in defaults;
//! 2. the template of the service's kind, or the one that `template` names;
//! 3. keys in attributes that describe the whole service ([`Sort::Service`](crate::policy::Sort)), such as those of
//!    breaker and bulkhead, unless two call sites disagree;
//! 4. `[services.NAME]`;
//! 5. the other keys in an attribute, for that call site only;
//! 6. run-time updates;
//! 7. `[overrides.NAME]`, then `[overrides."NAME@module::function"]`.
//!
//! The switches of `[global]` stand above all of them.
//!
//! A file is checked within itself, and all its faults are reported at once ([`ConfigError`]). Between
//! layers nothing is refused: the deadline wins, the rest is clamped, [`Explanation`] shows it, and a
//! [`Finding`] reports what somebody wrote in vain.

mod accepted;
mod acts;
mod agreed;
mod backoff_sum;
mod bounds;
mod chain;
mod check;
mod clauses;
mod create;
mod document;
mod entry;
mod error;
mod explain;
mod extends;
mod fault;
pub(crate) mod file;
mod finding;
mod follow;
pub(crate) mod global;
mod hops;
mod labels;
pub(crate) mod layers;
mod names;
pub(crate) mod overrides;
pub(crate) mod patch;
mod policies;
mod read;
pub(crate) mod resolved;
pub(crate) mod review;
mod settle;
mod shedding;
pub(crate) mod site_facts;
mod source;
mod suggest;
pub(crate) mod templates;
mod unknown;
pub(crate) mod watch;

pub use create::{create_default_config_file, validate_config};
pub use error::ConfigError;
pub use explain::{Explanation, SiteExplanation};
pub use fault::Fault;
pub use finding::{Finding, FindingKind};
pub use global::global_keys;
pub use resolved::{Adjustment, Effective};
pub use source::Source;
