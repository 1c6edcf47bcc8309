//! Makes settings for tests. In: fields with values. Out: settings, all else as by default.

/// A literal of settings, written as if they were of this crate: what is not written is as in the base, or the default.
macro_rules! settings {
    ($of:ident { $($field:ident $(: $value:expr)?,)* ..$base:expr }) => {{
        let mut settings: $of = $base;
        $(settings.$field = settings!(@ $field $(: $value)?);)*
        settings
    }};
    ($of:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {
        settings!($of { $($field $(: $value)?,)* ..$of::default() })
    };
    (@ $field:ident) => { $field };
    (@ $field:ident : $value:expr) => { $value };
}
