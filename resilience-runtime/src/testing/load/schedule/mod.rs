//! When calls start: shapes of load, and recorded starts.

mod identity;
mod piece;
mod replay;
mod shape;

pub(super) use identity::Identity;
pub(super) use piece::{Piece, Spacing};
pub use shape::Schedule;
