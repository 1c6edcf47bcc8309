//! The words of attributes: keys of the settings, and words whose value is code. In: a word in an attribute. Out: what it is: a key
//! of the settings, or a word whose value is code.

pub(crate) mod attribute;
pub(crate) mod choice;
pub(crate) mod table;
pub(crate) mod word;
