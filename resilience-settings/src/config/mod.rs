//! What a configuration is: its sections as data, with the place of everything in the text, and its faults. Reading it
//! is the business of the [reader](crate::reader).

pub mod chaos;
pub mod entries;
pub mod entry;
#[cfg_attr(not(feature = "file"), expect(dead_code, reason = "only a file has it"))]
pub mod error;
pub mod excerpt;
#[cfg_attr(not(feature = "file"), expect(dead_code, reason = "only a file has it"))]
pub mod fault;
pub mod file;
pub mod global;
pub mod limits;
pub mod lines;
pub mod patch;
pub mod section;
pub mod shedding;
pub mod table;
pub mod values;

pub use error::ConfigError;
pub use fault::Fault;
pub use global::global_keys;
