//! The testing kit: scripts, expectations, chaos, loads and suites.

mod chaos;
mod expect;
mod fault_scripts;
mod load;
mod suite;
mod suite_trouble;
