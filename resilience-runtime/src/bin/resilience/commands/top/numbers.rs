//! Writes numbers with as many digits as a column of `resilience top` has room for.

/// Microseconds, in the unit that leaves three digits.
pub(super) fn time(micros: Option<u64>) -> String {
    let Some(micros) = micros else { return "-".to_owned() };
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let number = micros as f64;
    match micros {
        0..1_000 => format!("{micros}µs"),
        1_000..1_000_000 => format!("{}ms", three(number / 1e3)),
        1_000_000..100_000_000 => format!("{}s", three(number / 1e6)),
        _ => format!("{:.0}s", number / 1e6),
    }
}

/// How long something has been there, in its two largest units.
pub(super) fn age(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m {}s", seconds % 60),
        (0, ..) => format!("{hours}h {}m", minutes % 60),
        _ => format!("{days}d {}h", hours % 24),
    }
}

/// A number of things per second.
pub(super) fn rate(number: Option<f64>) -> String {
    match number {
        None => "-".to_owned(),
        Some(number) if number >= 1e6 => format!("{}M", three(number / 1e6)),
        Some(number) if number >= 1e4 => format!("{}k", three(number / 1e3)),
        Some(number) if number > 0.0 => three(number),
        Some(_) => "0".to_owned(),
    }
}

/// A share in percent. What is not whole is never shown as whole.
pub(super) fn percent(share: Option<f64>) -> String {
    match share {
        None => "-".to_owned(),
        Some(share) if share >= 1.0 => "100%".to_owned(),
        Some(share) => format!("{:.1}%", (share * 1e3).floor() / 10.0),
    }
}

fn three(number: f64) -> String {
    if number >= 99.95 {
        format!("{number:.0}")
    } else if number >= 9.995 {
        format!("{number:.1}")
    } else {
        format!("{number:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let times = [
            None,
            Some(0),
            Some(999),
            Some(1_000),
            Some(12_345),
            Some(999_999),
            Some(2_500_000),
            Some(600_000_000),
        ];
        assert_eq!(times.map(time), ["-", "0µs", "999µs", "1.00ms", "12.3ms", "1000ms", "2.50s", "600s"]);
        let rates = [None, Some(0.0), Some(0.5), Some(123.4), Some(9_999.0), Some(12_345.0), Some(2e6)];
        assert_eq!(rates.map(rate), ["-", "0", "0.50", "123", "9999", "12.3k", "2.00M"]);
        let ages = [0, 59, 90, 3_700, 266_400].map(|seconds| age(seconds * 1_000_000));
        assert_eq!(ages, ["0s", "59s", "1m 30s", "1h 1m", "3d 2h"]);
        let shares = [None, Some(0.0), Some(0.9999), Some(1.0)];
        assert_eq!(shares.map(percent), ["-", "0.0%", "99.9%", "100%"]);
    }
}
