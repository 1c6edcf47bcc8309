//! The adaptive limit: how many attempts run at once follows from how long they take.

mod gradient;
mod shared;

pub(super) use shared::Adaptive;
