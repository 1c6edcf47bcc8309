//! The settings of an attribute, checked by the rules of files: each value by itself, then all of them together.

pub(super) mod conflicts;
pub(super) mod ranges;
pub(super) mod values;
