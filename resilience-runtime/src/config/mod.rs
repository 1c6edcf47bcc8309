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
//! 7. `[overrides.NAME]`, then `[overrides."NAME@module::function"]`, or `"NAME@module::Type::function"` for a method. Where two functions of a service
//!    have one such path, it reaches both, which is a finding; `"NAME@<module::Type as Trait>::function"` reaches one.
//!
//! The switches of `[global]` stand above all of them.
//!
//! A file is checked within itself, and all its faults are reported at once ([`ConfigError`]). Between
//! layers nothing is refused: the deadline wins, the rest is clamped, [`Explanation`] shows it, and a
//! [`Finding`] reports what somebody wrote in vain.
//!
//! # Limits
//!
//! A file is input from outside. It has to be a regular one, which is opened without waiting: a pipe, a device, a socket
//! or a folder is refused by name. Reading it takes time in proportion to its length and at most 200 MB, whatever stands
//! in it. What is above these limits is refused with a message that names the limit:
//!
//! | limit | |
//! | --- | --- |
//! | length of the file or text | [16 MiB](limits::MAX_SIZE) |
//! | templates that stand on one another by `extends` | [32](limits::MAX_TEMPLATES_IN_A_ROW) |
//! | services, templates and overrides together | [1,000,000](limits::MAX_TABLES) |
//! | length of the name of one of them | [1,000 bytes](limits::MAX_NAME) |
//! | parts of one value, such as an inline table | [250,000](limits::MAX_PARTS) |
//!
//! Of the faults of a file the [first 100](limits::MAX_FAULTS) are shown, and of the findings
//! [100 of each kind](limits::MAX_FINDINGS) are returned and logged; the others are counted.

mod duration;
#[cfg(feature = "config")]
pub(crate) mod watch;

pub use self::duration::{InvalidDuration, parse_duration};

#[cfg(feature = "advice")]
#[doc(inline)]
pub use resilience_settings::advice;
#[doc(inline)]
pub use resilience_settings::config::{ConfigError, Fault, global_keys, limits};
#[doc(inline)]
pub use resilience_settings::explain::{Explanation, SiteExplanation};
#[doc(inline)]
pub use resilience_settings::layers::{Adjustment, Effective, Finding, FindingKind, Source};
#[doc(inline)]
pub use resilience_settings::printable::Printable;
#[cfg(feature = "schema")]
#[doc(inline)]
pub use resilience_settings::reader::json_schema;
#[cfg(feature = "config")]
#[doc(inline)]
pub use resilience_settings::reader::{
    ChaosTable, ConfigFile, create_default_config_file, default_config, validate_config,
};
