//! In: a registry. Out: the background work of `monitor().start()`: readings of the last minutes, the lines of the
//! summary, and the server that the configuration file asks for. It follows the file.

mod keeper;
mod monitoring;
#[cfg(feature = "server")]
mod served;
mod summary;

pub use monitoring::Monitoring;
