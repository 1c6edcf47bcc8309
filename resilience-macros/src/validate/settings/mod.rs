//! Checks the settings in an attribute, by the rules of files. In: the settings in an attribute. Out: their faults by the rules of
//! files: each value alone, then all together.

pub(super) mod conflicts;
pub(super) mod ranges;
pub(super) mod values;
