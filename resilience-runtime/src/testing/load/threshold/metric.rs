//! Data: what thresholds are about, and the values that these have.

use std::fmt;
use std::time::Duration;

/// A number that a load comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::testing::load) enum Metric {
    /// A percentile of the latencies, above 0 and at most 100.
    Percentile(f64),
    Max,
    Mean,
    /// The part of all scheduled calls that ended well.
    Success,
    /// Calls that ended, per second.
    Rate,
}

/// What sort of value a metric has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    Share,
    PerSecond,
}

/// A value of a metric, or the bound for it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(in crate::testing::load) enum Value {
    Time(Duration),
    Share(f64),
    PerSecond(f64),
}

impl Value {
    /// The lowest and the highest that there is of its kind.
    pub(super) const fn range(self) -> [Self; 2] {
        match self {
            Self::Time(_) => [Self::Time(Duration::ZERO), Self::Time(Duration::MAX)],
            Self::Share(_) => [Self::Share(0.0), Self::Share(1.0)],
            Self::PerSecond(_) => [Self::PerSecond(0.0), Self::PerSecond(f64::INFINITY)],
        }
    }

    /// As somebody wrote it in a program, who would not know a rounded number again.
    pub(super) fn written(self) -> String {
        match self {
            Self::Time(_) => self.to_string(),
            Self::Share(number) | Self::PerSecond(number) => number.to_string(),
        }
    }
}

impl Metric {
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Percentile(_) | Self::Max | Self::Mean => Kind::Time,
            Self::Success => Kind::Share,
            Self::Rate => Kind::PerSecond,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentile(percent) => write!(f, "p{percent}"),
            Self::Max => f.write_str("max"),
            Self::Mean => f.write_str("mean"),
            Self::Success => f.write_str("success"),
            Self::Rate => f.write_str("rate"),
        }
    }
}

impl fmt::Display for Value {
    /// Rounded for people; a time in the unit in which it has one to three digits before the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => time_for_people(*time, f),
            // Never rounded up to a success that it is not.
            Self::Share(share) => write!(f, "{} %", (share * 1e5).floor() / 1e3),
            Self::PerSecond(rate) => write!(f, "{rate:.1}/s"),
        }
    }
}

fn time_for_people(time: Duration, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let nanos = time.as_secs_f64() * 1e9;
    // What is rounded up to a thousand of a unit is one of the next, and what is rounded up to ten has one digit less.
    let (number, unit) = match nanos {
        ..0.5 => return f.write_str("0"),
        ..999.5 => (nanos, "ns"),
        ..999.5e3 => (nanos / 1e3, "µs"),
        ..999.5e6 => (nanos / 1e6, "ms"),
        _ => (nanos / 1e9, "s"),
    };
    let digits = match number {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    write!(f, "{number:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_people_read_them() {
        for (value, shown) in [
            (Value::Time(Duration::ZERO), "0"),
            (Value::Time(Duration::from_nanos(7)), "7.00 ns"),
            (Value::Time(Duration::from_micros(12)), "12.0 µs"),
            (Value::Time(Duration::from_nanos(9_996)), "10.0 µs"),
            (Value::Time(Duration::from_nanos(99_960)), "100 µs"),
            (Value::Time(Duration::from_nanos(999_600)), "1.00 ms"),
            (Value::Time(Duration::from_nanos(999_400)), "999 µs"),
            (Value::Time(Duration::from_millis(345)), "345 ms"),
            (Value::Time(Duration::from_millis(1_500)), "1.50 s"),
            (Value::Share(1.0), "100 %"),
            (Value::Share(0.999_999), "99.999 %"),
            (Value::Share(0.25), "25 %"),
            (Value::PerSecond(199.96), "200.0/s"),
        ] {
            assert_eq!(value.to_string(), shown);
        }
    }
}
