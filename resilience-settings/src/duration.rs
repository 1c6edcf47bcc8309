//! Reads and writes lengths of time (`1m 30s`). In: a text. Out: the [`Duration`], or what to write instead; and back.
//!
//! No unit is longer than a week, since months and years have no fixed length, and units are in lower case: `5M` is read
//! as months by some and as minutes by others.

use std::time::Duration;

/// Nanoseconds of a unit, the longest first; the first name is the one that [`text`] writes.
const UNITS: &[(u64, &[&str])] = &[
    (604_800_000_000_000, &["w", "week", "weeks"]),
    (86_400_000_000_000, &["d", "day", "days"]),
    (3_600_000_000_000, &["h", "hr", "hrs", "hour", "hours"]),
    (60_000_000_000, &["m", "min", "mins", "minute", "minutes"]),
    (1_000_000_000, &["s", "sec", "secs", "second", "seconds"]),
    (1_000_000, &["ms", "msec", "millis", "millisecond", "milliseconds"]),
    (1_000, &["us", "µs", "μs", "usec", "micros", "microsecond", "microseconds"]),
    (1, &["ns", "nsec", "nanos", "nanosecond", "nanoseconds"]),
];

/// The most seconds that somebody means by a bare number, by clause and key: some times what the templates have, and less
/// than what a likely number of milliseconds would be. Each key that takes a length of time has its row.
const MOST_SECONDS: &[(&str, &str, u64)] = &[
    ("", "base_delay", 30),
    ("", "max_delay", 300),
    ("", "max_retry_after", 900),
    ("", "attempt_timeout", 300),
    ("", "deadline", 900),
    ("", "degrade_timeout", 300),
    ("attempt_timeout", "floor", 30),
    ("attempt_timeout", "ceiling", 300),
    ("breaker", "slow_call", 180),
    ("breaker", "open_for", 300),
    ("breaker", "max_open_for", 900),
    ("bulkhead", "max_wait", 60),
    ("rate_limit", "max_wait", 60),
    ("throttle", "window", 900),
    ("hedge", "after", 30),
    // Results are kept for hours and days.
    ("cache", "ttl", 86_400),
    ("cache", "stale_for", 604_800),
    ("idempotency", "ttl", 604_800),
    ("idempotency", "lease", 600),
    ("idempotency", "wait", 300),
];

/// A longer text is no slip, and not repeated in a message.
const LONGEST: usize = 40;

/// Reads `2s`, `500ms`, `1.5h` or `1m 30s`.
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut sum = Duration::ZERO;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        sum = sum.checked_add(times(number, nanos_of(unit)?)?)?;
        rest = next.trim_start();
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

/// What somebody who wrote the text will have meant, as they would write it: `5m` for `5M`, `5s` for `PT5S`.
pub fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Some(period) = text.strip_prefix(['P', 'p']) {
        // ISO 8601: what stands behind the `T` is a time, what stands before it a date.
        let (date, time) = period.split_once(['T', 't']).unwrap_or((period, ""));
        let is_fixed = !date.contains(['Y', 'y', 'M', 'm']);
        return parse(&format!("{date}{time}").to_lowercase()).filter(|_| is_fixed).map(self::text);
    }
    if text.parse::<f64>().is_ok_and(|number| number > 0.0) {
        return Some(format!("{text}s")).filter(|meant| parse(meant).is_some());
    }
    let lower = text.to_lowercase();
    (lower != text && parse(&lower).is_some()).then_some(lower)
}

/// The reason behind [`meant`], where it is not plain to see.
pub fn reason(text: &str) -> &'static str {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        ""
    } else if text.parse::<f64>().is_ok() {
        ", since a text needs a unit"
    } else if text.contains('M') && !text.contains("MS") && !text.contains("Ms") {
        " for minutes, since months have no fixed length"
    } else {
        ", since units are in lower case"
    }
}

/// The most seconds that a bare number stands for without a doubt; what is longer needs its unit.
pub fn most_seconds(clause: &str, key: &str) -> Option<u64> {
    MOST_SECONDS.iter().find(|(c, k, _)| (*c, *k) == (clause, key)).map(|(_, _, most)| *most)
}

/// Whether some key of that name takes a length of time.
pub fn takes_time(key: &str) -> bool {
    MOST_SECONDS.iter().any(|(_, name, _)| *name == key)
}

/// The unit of that name, as [`text`] writes it.
pub fn unit(name: &str) -> Option<&'static str> {
    UNITS.iter().find(|(_, names)| names.contains(&name)).and_then(|(_, names)| names.first().copied())
}

/// As many whole units as the time has.
pub fn whole(time: Duration, unit: Duration) -> Duration {
    let rest = time.as_nanos() % unit.as_nanos().max(1);
    time.saturating_sub(Duration::from_nanos(u64::try_from(rest).unwrap_or(u64::MAX)))
}

/// As [`parse`] reads it: `1m 30s`.
pub fn text(time: Duration) -> String {
    let mut rest = time.as_nanos();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut parts = Vec::new();
    // Weeks are read, and written as days: `14d` is easier to compare than `2w`.
    for (nanos, names) in &UNITS[1..] {
        let count = rest / u128::from(*nanos);
        rest %= u128::from(*nanos);
        if count > 0 {
            parts.push(format!("{count}{}", names[0]));
        }
    }
    parts.join(" ")
}

/// The regular expression of the texts that [`parse`] reads, but for what is beyond the longest time.
pub fn pattern() -> String {
    format!("^{}$", inner_pattern())
}

/// The same within another expression.
pub fn inner_pattern() -> String {
    let units: Vec<&str> = UNITS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    format!(r"\s*(0|([0-9]+(\.[0-9]+)?\s*({})\s*)+)\s*", units.join("|"))
}

fn nanos_of(unit: &str) -> Option<u64> {
    UNITS.iter().find(|(_, names)| names.contains(&unit)).map(|(nanos, _)| *nanos)
}

/// `1.5` times so many nanoseconds, exactly; what is below a nanosecond is cut off. `None` beyond what a duration holds.
fn times(number: &str, nanos: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
    let mut all = u128::from(whole.parse::<u64>().ok()?).checked_mul(u128::from(nanos))?;
    if let Some(fraction) = fraction {
        // More digits than a nanosecond of a week has say nothing.
        let digits = fraction.get(..fraction.len().min(15))?;
        let scale = 10_u128.pow(u32::try_from(digits.len()).ok()?);
        if fraction.contains('.') {
            return None;
        }
        all = all.checked_add(u128::from(digits.parse::<u64>().ok()?) * u128::from(nanos) / scale)?;
    }
    let seconds = u64::try_from(all / 1_000_000_000).ok()?;
    Some(Duration::new(seconds, u32::try_from(all % 1_000_000_000).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_units_are_read() {
        for (text, nanos) in [
            ("0", 0),
            ("2s", 2_000_000_000),
            ("500ms", 500_000_000),
            (" 1m 30s ", 90_000_000_000),
            ("1m30s", 90_000_000_000),
            ("30s 1m", 90_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0.25 h", 900_000_000_000),
            ("1 hour 2 minutes", 3_720_000_000_000),
            ("1w", 604_800_000_000_000),
            ("2days", 172_800_000_000_000),
            ("7us", 7_000),
            ("7µs", 7_000),
            ("9 nanoseconds", 9),
            ("0.5ns", 0),
        ] {
            assert_eq!(parse(text).map(|time| time.as_nanos()), Some(nanos), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            " ",
            "5",
            "s",
            "-5s",
            "5 s s",
            "5M",
            "10S",
            "1H",
            "PT5S",
            "1month",
            "1y",
            "5 parsecs",
            "1.2.3s",
            ".s",
            "1e3s",
            "5s,",
            "5.s",
            "99999999999999999999s",
            "99999999999999999w",
            "5ſ",
            "٣s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_told() {
        for (text, expected) in [
            ("5M", Some("5m")),
            ("10S", Some("10s")),
            ("1H 5M", Some("1h 5m")),
            ("100MS", Some("100ms")),
            ("PT5S", Some("5s")),
            ("PT1M30S", Some("1m 30s")),
            ("P1DT2H", Some("1d 2h")),
            ("P1M", None),
            ("1.5", Some("1.5s")),
            ("parsecs", None),
            ("5 parsecs", None),
            ("5s", None),
            // Numbers to Rust, and no lengths of time with an `s`.
            ("inf", None),
            ("Infinity", None),
            ("1e3", None),
            ("+5", None),
        ] {
            assert_eq!(meant(text).as_deref(), expected, "{text}");
        }
        assert!(reason("5M").contains("minutes"));
        assert!(!reason("5MS").contains("minutes"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for nanos in [0, 1, 1_500, 90_000_000_000, 86_400_000_000_001, 1_209_600_000_000_000, u64::MAX] {
            let time = Duration::from_nanos(nanos);
            assert_eq!(parse(&text(time)), Some(time), "{}", text(time));
        }
        assert_eq!(parse(&text(Duration::MAX)), Some(Duration::MAX));
        assert_eq!(text(Duration::from_secs(90)), "1m 30s");
    }
}
