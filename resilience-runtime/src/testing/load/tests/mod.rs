//! Loads of bodies of known behaviour, on both clocks.

mod clocks;
mod open_loop;
mod reports;
mod schedules;
mod verdicts;
