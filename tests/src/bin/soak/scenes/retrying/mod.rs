//! Calls that are made of several attempts: one after the other, side by side, and cut off.

pub(super) mod budgets;
pub(super) mod delays;
pub(super) mod hedges;
pub(super) mod timeouts;
