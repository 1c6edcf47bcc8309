//! What changes under the calls: settings that are reloaded, and operators at work.

pub(crate) mod operators;
pub(crate) mod reloads;
pub(crate) mod settings;
