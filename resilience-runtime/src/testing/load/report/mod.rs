//! What a load came to, judged and shown.

mod baseline;
mod json;
mod judge;
mod outcome;
mod panel;
mod svg;
mod text;

pub use baseline::{Baseline, Change, Comparison};
pub use judge::{Judged, Verdict};
pub use outcome::Report;
