//! Exporters. In: snapshots. Out: the formats that other tools read. Above the registry: nothing of the engine knows
//! about an exporter, and an exporter reads plain data only.
//!
//! The exported metrics are in one table, with the name that each tool uses.

mod metric;
mod name;
#[cfg(feature = "otel")]
pub mod otel;
pub mod prometheus;
mod read;
#[cfg(feature = "server")]
pub mod server;
mod table;
