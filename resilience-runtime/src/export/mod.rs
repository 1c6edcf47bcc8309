//! Snapshots go in, the forms that other tools read come out. Above the registry: nothing of the engine knows of an
//! exporter, and an exporter reads plain data and nothing that lives.
//!
//! What is exported stands in one table, with the name that each tool knows it by.

mod metric;
mod name;
pub mod prometheus;
mod read;
#[cfg(feature = "server")]
pub mod server;
mod table;
