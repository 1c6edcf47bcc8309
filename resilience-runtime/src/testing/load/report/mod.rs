//! What a load came to, judged and shown.

mod baseline;
mod comparison;
mod hgrm;
mod json;
mod judge;
mod judged;
mod outcome;
mod panel;
mod svg;
mod text;

pub use baseline::Baseline;
pub(super) use comparison::Allowed;
pub use comparison::{Change, Comparison};
pub(super) use judge::judged;
pub use judged::{Judged, Verdict};
pub use outcome::Report;
