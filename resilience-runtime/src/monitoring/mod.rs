//! What `monitor().start()` starts and keeps going: readings of the last minutes, the lines of the summary, and the server
//! that the configuration file asks for. It follows the file.

mod keeper;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod monitoring;
#[cfg(feature = "server")]
mod served;
mod summary;

pub use monitoring::Monitoring;
