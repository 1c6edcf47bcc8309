//! What comes from another process goes in, what a terminal and people can show of it comes out.

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
    let (seconds, millis) = (unix_ms / 1_000, unix_ms % 1_000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Counted from the first of March, leap days are last in their year and every 400 years are alike.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{millis:03}")
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
