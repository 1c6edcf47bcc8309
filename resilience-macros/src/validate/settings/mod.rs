//! The settings of an attribute, checked by the rules of files: each value by itself, then all of them together.

pub(super) mod bounds;
pub(super) mod idle;
pub(super) mod ranges;
pub(super) mod values;
