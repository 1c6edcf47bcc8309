//! The background work of `monitor().start()`: readings of the last minutes, the lines of the summary, and the server that the
//! configuration file asks for. In: a registry. Out: that work. It follows the file.

mod keeper;
mod monitoring;
#[cfg(feature = "server")]
mod served;
mod summary;

pub use monitoring::Monitoring;
