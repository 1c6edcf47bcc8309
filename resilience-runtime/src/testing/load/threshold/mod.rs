//! What a load has to reach: `p99 < 80 ms`, `success > 0.99`.

mod bound;
mod error;
mod metric;
mod parse;

pub use bound::Threshold;
pub use error::ThresholdError;
pub(super) use metric::{Metric, Value};
