//! Every word that the attributes know: where it is written, what it takes, what it means.
//!
//! Plain data, without a type of the compiler's, so that the documentation is made from it and a test can
//! compare it with the keys of the runtime.

pub(crate) mod attribute;
pub(crate) mod choice;
pub(crate) mod table;
pub(crate) mod word;
