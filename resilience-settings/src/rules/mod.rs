//! What holds among keys: which values each takes, which may not be above which, and which cannot act beside others.
//! Attributes, files and updates are checked by the same rules.

pub mod accepted;
pub mod acts;
pub mod bounds;
pub mod clauses;
pub mod conflicts;
pub mod literal;
pub mod remedy;
