//! When calls start: shapes of load, and recorded starts.

mod piece;
mod replay;
mod shape;
mod timestamp;

pub(super) use piece::{Piece, Spacing};
pub use shape::Schedule;
