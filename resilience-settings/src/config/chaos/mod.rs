//! The tables of `[chaos]`: faults that are injected on purpose, where the program allows it.

mod keys;
mod rule;

pub use keys::{KEYS, REJECTIONS, Takes};
pub use rule::{ChaosFault, ChaosRule};
