//! The commands that make calls, or play them, and report figures.

mod bench;
mod load;
mod simulate;
