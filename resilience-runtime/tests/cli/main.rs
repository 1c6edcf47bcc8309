//! The program `resilience`, started as people and scripts start it.

mod advise;
#[cfg(feature = "server")]
mod advise_from;
mod bench;
mod broken;
#[cfg(feature = "server")]
mod chaos;
mod check;
mod diff;
mod diff_keys;
mod explain;
mod faulty;
mod init;
mod json;
#[cfg(feature = "server")]
mod live;
mod load;
mod odd;
mod outputs;
mod pages;
mod resilience;
mod schedule;
mod schema;
mod simulate;
mod standard_input;
mod terminal;
