//! When calls start: shapes of load, and recorded starts.

mod replay;
mod shape;
mod timestamp;

pub use shape::Schedule;
pub(super) use shape::{Piece, Spacing};
