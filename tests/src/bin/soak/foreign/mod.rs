//! Foreign code that panics where the library calls it: what users, their runtimes and their log may bring along.

pub(crate) mod hazards;
pub(crate) mod names;
pub(crate) mod panics;
pub(crate) mod subscriber;
pub(crate) mod wakers;
