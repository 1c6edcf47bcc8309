//! A point in time as RFC 3339 writes it goes in, the time since 1970 comes out.

use std::time::Duration;

/// Reads `2026-11-28T12:00:00.25Z` or `2026-11-28 13:00:00+01:00`. `None` for anything else, and before 1970.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let (time, east) = zone(time)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let is_time = hour < 24 && minute < 60 && second <= 60;
    let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit());
    if !is_time || !is_date || !is_fraction {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - east;
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    Duration::from_secs(u64::try_from(seconds).ok()?).checked_add(Duration::try_from_secs_f64(fraction).ok()?)
}

/// What stands before the zone, and how many seconds the zone is east of Greenwich.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(utc) = time.strip_suffix(['Z', 'z']) {
        return Some((utc, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (before, offset) = (time.get(..at)?, time.get(at + 1..)?);
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    let east = hours * 3_600 + minutes * 60;
    Some((before, if time.as_bytes().get(at) == Some(&b'-') { -east } else { east }))
}

fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970, by the algorithm of Howard Hinnant (`days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_read_exactly() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00.5Z", 951_825_600_500),
            ("2026-11-28T12:00:00.25Z", 1_795_867_200_250),
            ("2026-11-28t13:30:00+01:30", 1_795_867_200_000),
            ("2026-11-28 07:00:00-05:00", 1_795_867_200_000),
        ] {
            assert_eq!(parse(text).map(|time| time.as_millis()), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "2026-11-28",
            "2026-11-28T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-11-28T24:00:00Z",
            "26-11-28T12:00:00Z",
            "2026-11-28T12:00:00.Z",
            "2026-11-28T12:00Z",
            "1969-12-31T23:59:59Z",
            "2026-11-28T12:00:00+1:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
