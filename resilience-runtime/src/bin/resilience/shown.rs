//! Escapes what comes from another process, so that a terminal and people can be shown it.

use chrono::{DateTime, Utc};
use resilience_runtime::config::Printable;
use serde_json::Value;

/// A name or a text from outside, which may hold what commands a terminal or turns a line around.
pub(crate) fn printable(text: &str) -> String {
    Printable(text).to_string()
}

/// A rare event in words.
pub(crate) fn sentence(event: &Value) -> String {
    let text = |key: &str| event[key].as_str().map(printable);
    let mut said = text("kind").unwrap_or_default().replace('_', " ");
    if let Some(service) = text("service") {
        said = format!("{service}: {said}");
    }
    match (text("from"), text("to")) {
        (Some(from), Some(to)) => format!("{said}, {from} to {to}"),
        (None, Some(to)) => format!("{said}, {to}"),
        _ => said,
    }
}

/// Milliseconds of Unix time, as `2026-11-28 13:36:01.250` in UTC.
pub(crate) fn moment(unix_ms: u64) -> String {
    let at = i64::try_from(unix_ms).ok().and_then(DateTime::from_timestamp_millis);
    at.unwrap_or(DateTime::<Utc>::MAX_UTC).format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_commands_a_terminal_is_shown_as_text() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}ü"), "a\\u{1b}[2J\\u{202e}ü");
        let event = json!({"kind": "breaker", "service": "db\u{7}", "from": "closed", "to": "open"});
        assert_eq!(sentence(&event), "db\\u{7}: breaker, closed to open");
        assert_eq!(sentence(&json!({"kind": "config_applied"})), "config applied");
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (unix_ms, expected) in [
            (0, "1970-01-01 00:00:00.000"),
            (951_782_399_999, "2000-02-28 23:59:59.999"),
            (951_782_400_000, "2000-02-29 00:00:00.000"),
            (1_795_873_361_250, "2026-11-28 13:42:41.250"),
            (4_107_542_400_000, "2100-03-01 00:00:00.000"),
        ] {
            assert_eq!(moment(unix_ms), expected);
        }
    }
}
