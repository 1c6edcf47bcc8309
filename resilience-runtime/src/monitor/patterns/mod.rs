//! What the failures of a service have in common. In: each failed attempt. Out: how often each pattern occurred.

mod error_patterns;

pub(crate) use error_patterns::{ErrorPatterns, PatternKey};
