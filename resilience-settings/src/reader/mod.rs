//! The reader of files. In: the text of a configuration. Out: its checked sections, or everything that is wrong with it.

mod chaos_table;
mod check;
mod config_file;
mod create;
mod default_file;
mod document;
mod labels;
mod notation;
pub mod open;
mod parse;
mod read;
#[cfg(feature = "schema")]
mod schema;
mod take;
mod take_chaos;
mod take_global;
mod toml;
mod walk;

pub use chaos_table::ChaosTable;
pub use config_file::ConfigFile;
pub use create::{create_default_config_file, default_config, validate_config};
#[cfg(feature = "schema")]
pub use schema::json_schema;
