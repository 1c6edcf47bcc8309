//! The program `resilience`, started as people and scripts start it.

mod conventions;
mod files;
mod https;
mod measuring;
mod resilience;
#[cfg(feature = "server")]
mod server;
