//! The tables of `[chaos]`: faults that are injected on purpose, where the program allows it.

mod keys;
mod rule;

pub use keys::{ChaosKey, FAULTS, KEYS, LONGEST_NAME, MOST_RULES, REJECTIONS, Takes, find};
pub use rule::{ChaosFault, ChaosRule, is_target};
