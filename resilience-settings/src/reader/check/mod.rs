//! Checks of a file that was read: the faults between its keys and between its tables.

mod between;
mod extends;
mod fold;

pub(super) use between::check;
