//! A time in an argument goes in, a duration or what to write instead comes out.

use std::time::Duration;

use resilience_settings::duration;

/// Reads a time as files of settings have it.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| match duration::meant(text) {
        Some(meant) => format!("write `{meant}`{}", duration::reason(text)),
        None => "write a time such as `30s` or `1m 30s`".to_owned(),
    })
}
