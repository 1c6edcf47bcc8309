//! Fault scripts: what each attempt of a service meets, one after the other.

mod steps;

pub use self::steps::{FaultScript, script};
