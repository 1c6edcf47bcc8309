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

/// A time in seconds with about three digits, as people compare them.
pub(crate) fn time(seconds: f64) -> String {
    // Each limit is where the text of the unit below it would be rounded up to a digit more.
    match seconds {
        seconds if seconds <= 0.0 => "0".to_owned(),
        seconds if seconds < 0.999_5e-6 => format!("{:.1} ns", seconds * 1e9),
        seconds if seconds < 99.95e-6 => format!("{:.1} µs", seconds * 1e6),
        seconds if seconds < 0.999_5e-3 => format!("{:.0} µs", seconds * 1e6),
        seconds if seconds < 99.95e-3 => format!("{:.1} ms", seconds * 1e3),
        seconds if seconds < 0.999_5 => format!("{:.0} ms", seconds * 1e3),
        seconds if seconds < 99.995 => format!("{seconds:.2} s"),
        seconds if seconds < 600.0 => format!("{seconds:.0} s"),
        // More seconds than that nobody can tell from others.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole seconds, saturating"
        )]
        seconds => lasting(seconds.round() as u64),
    }
}

/// How long something lasts: `1h`, `59m 59s`.
pub(crate) fn lasting(seconds: u64) -> String {
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let shown =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}"));
    let shown = shown.collect::<Vec<_>>().join(" ");
    if shown.is_empty() { "0s".to_owned() } else { shown }
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
    fn times_have_three_digits_and_the_unit_that_goes_with_them() {
        for (seconds, expected) in [
            (0.0, "0"),
            (77e-9, "77.0 ns"),
            (999.6e-9, "1.0 µs"),
            (99.96e-6, "100 µs"),
            (363e-6, "363 µs"),
            (999.6e-6, "1.0 ms"),
            (99.96e-3, "100 ms"),
            (0.9996, "1.00 s"),
            (14.98, "14.98 s"),
            (99.996, "100 s"),
            (599.0, "599 s"),
            (86_400.0, "24h"),
        ] {
            assert_eq!(time(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn times_are_said_in_hours_minutes_and_seconds() {
        for (seconds, expected) in
            [(0, "0s"), (59, "59s"), (300, "5m"), (3_599, "59m 59s"), (90_061, "25h 1m 1s")]
        {
            assert_eq!(lasting(seconds), expected);
        }
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
