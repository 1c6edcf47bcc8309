//! Reads a length of time in the notation of files, for programs that take one elsewhere, as an argument. In: the text. Out: the
//! [`Duration`], or what to write instead.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use resilience_settings::duration;

/// A text that is no length of time. `Display` says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDuration(String);

/// Reads a length of time as files of settings have it.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::config::parse_duration;
///
/// assert_eq!(parse_duration("1m 30s"), Ok(Duration::from_secs(90)));
/// assert!(parse_duration("soon").is_err());
/// ```
///
/// # Errors
///
/// When the text is none; the message says what was meant, if the text gives it away.
pub fn parse_duration(text: &str) -> Result<Duration, InvalidDuration> {
    duration::parse(text).ok_or_else(|| {
        InvalidDuration(match duration::meant(text) {
            Some(meant) => format!("write `{meant}`{}", duration::reason(text)),
            None => "write a time such as `30s` or `1m 30s`".to_owned(),
        })
    })
}

impl fmt::Display for InvalidDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for InvalidDuration {}
