//! Parses `Retry-After` headers. In: the value of the header. Out: how long to wait.
//!
//! Public and apart from the clients because hand-written clients need it too: most client errors carry no headers.

use std::time::{Duration, SystemTime};

/// How long a `Retry-After` header asks to wait.
///
/// `value` is a number of seconds, optionally with a fraction, or an HTTP date. A date is taken relative to
/// `response_date`, the `Date` header of the same response, because the clocks of two machines differ; if that is
/// missing or unreadable, relative to the clock of this machine. A date in the past is zero, a number that is too large
/// saturates, and anything else is `None`.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::classify::parse_retry_after;
///
/// assert_eq!(parse_retry_after("120", None), Some(Duration::from_secs(120)));
/// assert_eq!(
///     parse_retry_after("Wed, 21 Oct 2026 07:28:30 GMT", Some("Wed, 21 Oct 2026 07:28:00 GMT")),
///     Some(Duration::from_secs(30)),
/// );
/// assert_eq!(parse_retry_after("soon", None), None);
/// ```
pub fn parse_retry_after(value: &str, response_date: Option<&str>) -> Option<Duration> {
    at(value, response_date, SystemTime::now())
}

fn at(value: &str, response_date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    seconds(value).or_else(|| {
        let until = httpdate::parse_http_date(value).ok()?;
        let from = response_date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or(now);
        Some(until.duration_since(from).unwrap_or_default())
    })
}

/// `12`, `1.5`: digits with at most one point between them. Stricter than `f64`, which accepts `inf` and `-1`.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // All that can be wrong with digits is that there are too many.
    let whole = Duration::from_secs(whole.parse().unwrap_or(u64::MAX));
    let fraction = format!("0.{fraction}").parse().map_or(Duration::ZERO, Duration::from_secs_f64);
    Some(whole.saturating_add(fraction))
}

/// How long the headers of a response ask to wait.
///
/// `retry-after-ms`, which some AI services send, comes first because it is finer; then `Retry-After` as
/// [`parse_retry_after`] reads it, with the `Date` of the same headers.
///
/// ```
/// use std::time::Duration;
/// use http::HeaderMap;
/// use resilience_runtime::classify::retry_after_from_headers;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("retry-after", "7".parse().unwrap());
/// assert_eq!(retry_after_from_headers(&headers), Some(Duration::from_secs(7)));
/// ```
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub fn retry_after_from_headers(headers: &http::HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    from_fields(text)
}

/// As [`retry_after_from_headers`], for anything that finds a header by its lower-case name.
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(super) fn from_fields<'h>(field: impl Fn(&str) -> Option<&'h str>) -> Option<Duration> {
    field("retry-after-ms")
        .and_then(|value| seconds(value.trim()))
        .map(|thousands| thousands / 1000)
        .or_else(|| parse_retry_after(field("retry-after")?, field("date")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: &str = "Sun, 06 Nov 1994 12:00:00 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 12:01:30 GMT";

    fn noon() -> SystemTime {
        httpdate::parse_http_date(NOON).expect("a date")
    }

    #[test]
    fn seconds_are_read_with_their_fraction_and_saturate() {
        for (value, wait) in [
            ("0", Duration::ZERO),
            (" 121 ", Duration::from_secs(121)),
            ("1.5", Duration::from_millis(1500)),
            ("007", Duration::from_secs(7)),
            ("18446744073709551615", Duration::from_secs(u64::MAX)),
            ("99999999999999999999999999", Duration::from_secs(u64::MAX)),
            ("18446744073709551615.99999999999999999999", Duration::MAX),
        ] {
            assert_eq!(at(value, None, noon()), Some(wait), "{value}");
        }
    }

    #[test]
    fn garbage_is_no_hint() {
        for value in [
            "",
            " ",
            "-1",
            "+1",
            "1e3",
            "inf",
            "NaN",
            ".5",
            "5.",
            "1.2.3",
            "1,5",
            "12 s",
            "soon",
            "٣",
            "Sun, 99 Nov 1994 12:00:00 GMT",
            "1994-11-06T12:00:00Z",
        ] {
            assert_eq!(at(value, Some(NOON), noon()), None, "{value}");
        }
    }

    #[test]
    fn a_date_is_relative_to_the_date_of_the_response() {
        let wrong_clock = noon() + Duration::from_secs(4000);
        assert_eq!(at(LATER, Some(NOON), wrong_clock), Some(Duration::from_secs(90)));
        assert_eq!(
            at("Sunday, 06-Nov-94 12:01:30 GMT", Some(NOON), wrong_clock),
            Some(Duration::from_secs(90))
        );
        assert_eq!(at("Sun Nov  6 12:01:30 1994", Some(NOON), wrong_clock), Some(Duration::from_secs(90)));
    }

    #[test]
    fn a_date_without_a_readable_response_date_is_relative_to_now() {
        assert_eq!(at(LATER, None, noon()), Some(Duration::from_secs(90)));
        assert_eq!(at(LATER, Some("yesterday"), noon()), Some(Duration::from_secs(90)));
    }

    #[test]
    fn a_date_in_the_past_means_now() {
        assert_eq!(at(NOON, Some(LATER), noon()), Some(Duration::ZERO));
        assert_eq!(parse_retry_after(NOON, None), Some(Duration::ZERO));
    }

    proptest! {
        #[test]
        fn text_of_any_kind_is_survived(value: String, date: Option<String>) {
            let _ = at(&value, date.as_deref(), noon());
        }

        #[test]
        fn digits_of_any_length_are_a_wait(value in "[0-9]{1,40}(\\.[0-9]{1,40})?") {
            prop_assert!(at(&value, None, noon()).is_some());
        }
    }

    #[cfg(any(feature = "reqwest", feature = "tonic"))]
    #[test]
    fn headers_are_read_finest_first() {
        let mut headers = http::HeaderMap::new();
        assert_eq!(retry_after_from_headers(&headers), None);
        headers.insert("date", http::HeaderValue::from_static(NOON));
        headers.insert("retry-after", http::HeaderValue::from_static(LATER));
        assert_eq!(retry_after_from_headers(&headers), Some(Duration::from_secs(90)));
        headers.insert("retry-after-ms", http::HeaderValue::from_static("250"));
        assert_eq!(retry_after_from_headers(&headers), Some(Duration::from_millis(250)));
        headers.insert("retry-after-ms", http::HeaderValue::from_static("later"));
        assert_eq!(retry_after_from_headers(&headers), Some(Duration::from_secs(90)));
    }
}
