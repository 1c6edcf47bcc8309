//! Every key once, and the values that keys take. Programs name them through [`policy`](crate::policy).

pub mod clause;
pub mod key;
pub mod patch;
pub mod shape;
pub(crate) mod table;
pub mod value;
