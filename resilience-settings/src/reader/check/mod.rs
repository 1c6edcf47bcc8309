//! A read file goes in, the faults between its keys and between its tables come out.

mod between;
mod extends;
mod fold;

pub(super) use between::check;
