//! Every word that the attributes know: the keys of the settings, and what is code.

pub(crate) mod attribute;
pub(crate) mod choice;
pub(crate) mod table;
pub(crate) mod word;
