//! The program `resilience`, started as people and scripts start it.

mod advise;
#[cfg(feature = "server")]
mod advise_from;
mod bench;
mod check;
#[cfg(feature = "server")]
mod live;
mod diff;
mod explain;
mod faulty;
mod init;
mod load;
mod pages;
mod resilience;
mod schema;
