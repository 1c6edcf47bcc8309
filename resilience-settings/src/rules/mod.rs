//! The rules that files, attributes and updates are checked by. In: keys with values. Out: which are out of range, contradict each
//! other, or cannot act. The same for files and attributes. Attributes, files and updates are checked by the same rules.

pub mod accepted;
pub mod acts;
pub mod bounds;
pub mod clauses;
pub mod conflicts;
pub mod literal;
pub mod remedy;
