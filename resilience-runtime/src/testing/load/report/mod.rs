//! What a load came to, judged and shown.

mod baseline;
mod comparison;
mod hgrm;
mod json;
mod judge;
mod outcome;
mod panel;
mod svg;
mod text;
mod threshold_result;

pub use baseline::Baseline;
pub(super) use comparison::Allowed;
pub use comparison::{Change, Comparison};
pub(super) use judge::judged;
pub use outcome::Report;
pub use threshold_result::{ThresholdResult, Verdict};
