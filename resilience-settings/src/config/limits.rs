//! Bounds on input from outside: how many bytes, tables and faults of a configuration are taken. Whatever stands in a file, reading
//! it takes time and memory in proportion to its length, and its length is bounded.

/// The most bytes that a configuration may have: 16 MiB, in which 100,000 services have room for half a dozen keys each.
/// A longer one is refused without being read.
pub const MAX_SIZE: usize = 16 * 1024 * 1024;

/// The most templates that may stand on one another by `extends`, the topmost and the lowest included. Nobody follows
/// by hand where a value comes from through more.
pub const MAX_TEMPLATES_IN_A_ROW: usize = 32;

/// The most services, templates and overrides of one configuration, all together. What a table without keys costs is
/// memory only, about 150 bytes, and this bounds it.
pub const MAX_TABLES: usize = 1_000_000;

/// The longest name of a service, a template or an override, in bytes.
pub const MAX_NAME: usize = 1_000;

/// The most parts (keys, values, brackets, commas, comments, ends of lines) of one value, such as a list or an inline
/// table. Above it somebody has most likely forgotten to close a bracket.
pub const MAX_PARTS: usize = 250_000;

/// The most faults that a [`ConfigError`](super::ConfigError) has and shows: the first in the text. The others are
/// counted.
pub const MAX_FAULTS: usize = 100;

/// The most [`Finding`](crate::layers::Finding)s of each kind that a load returns and logs. One more says how many are left out.
pub const MAX_FINDINGS: usize = 100;

/// The most services that only handles and `resilient_call` name, neither an attribute nor the file nor an update. Each is
/// kept for ever, with about 9 KB; further names share one service.
pub const MAX_NAMES_AT_RUN_TIME: usize = 1_024;

/// The most different settings with which one place of the program makes handles for one service. Further handles of
/// the place go by the first.
pub const MAX_SETTINGS_OF_A_PLACE: usize = 64;
