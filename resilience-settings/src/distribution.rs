//! Draws lengths of time from a distribution. In: its notation in a file, or its parameters. Out: samples, each made from random
//! numbers that the caller draws.
//!
//! Attempts that are slow in tests have to be slow as real ones are: a constant hides what the tail does to timeouts, hedges
//! and queues.

use std::f64::consts::TAU;
use std::fmt;
use std::time::Duration;

use crate::duration;

/// The longest sample. The tail of a Pareto distribution has no end, and nobody waits longer than a day.
const LONGEST: Duration = Duration::from_hours(24);

/// A distribution of lengths of time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// Always the same: `200ms`.
    Constant(Duration),
    /// Every length between two is as likely: `uniform(100ms, 300ms)`.
    Uniform(Duration, Duration),
    /// A mean and a standard deviation, cut off at zero: `normal(200ms, 50ms)`.
    Normal(Duration, Duration),
    /// A mean; the time between calls that know nothing of each other: `exponential(200ms)`.
    Exponential(Duration),
    /// A median, and the standard deviation of the logarithm: `lognormal(200ms, 0.5)`. What latencies mostly look like.
    LogNormal(Duration, f64),
    /// The least, and the exponent of the tail: `pareto(100ms, 1.5)`. The smaller the exponent, the heavier the tail; at 1
    /// and below the mean has no limit.
    Pareto(Duration, f64),
}

impl Distribution {
    /// What a file has to say, to stand behind "must be".
    pub const ACCEPTED: &'static str = "a length of time such as `200ms`, or a distribution: `uniform(100ms, 300ms)`, \
         `normal(200ms, 50ms)`, `exponential(200ms)`, `lognormal(200ms, 0.5)`, `pareto(100ms, 1.5)`";

    /// Reads the notation of files.
    ///
    /// ```
    /// use std::time::Duration;
    /// use resilience_settings::distribution::Distribution;
    ///
    /// let ms = Duration::from_millis;
    /// assert_eq!(Distribution::parse("200ms"), Some(Distribution::Constant(ms(200))));
    /// assert_eq!(Distribution::parse("uniform(100ms, 300ms)"), Some(Distribution::Uniform(ms(100), ms(300))));
    /// assert_eq!(Distribution::parse("pareto(100ms, 0)"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((name, rest)) = text.split_once('(') else {
            return duration::parse(text).map(Self::Constant);
        };
        let (first, second) = match rest.strip_suffix(')')?.split_once(',') {
            Some((first, second)) => (first, Some(second)),
            None => (rest.strip_suffix(')')?, None),
        };
        let (first, time, number) =
            (duration::parse(first)?, second.and_then(duration::parse), second.and_then(positive));
        match (name.trim_end(), second.is_some()) {
            ("constant", false) => Some(Self::Constant(first)),
            ("uniform", true) => time.filter(|most| *most >= first).map(|most| Self::Uniform(first, most)),
            ("normal", true) => time.map(|deviation| Self::Normal(first, deviation)),
            ("exponential", false) => Some(Self::Exponential(first)),
            ("lognormal", true) => number.map(|sigma| Self::LogNormal(first, sigma)),
            ("pareto", true) => number.map(|exponent| Self::Pareto(first, exponent)),
            _ => None,
        }
    }

    /// The regular expression of the texts that [`parse`](Self::parse) reads, but for times and numbers that are too long or too
    /// short to be any, and bounds in the wrong order.
    pub fn pattern() -> String {
        let (time, number) =
            (duration::inner_pattern(), r"\s*\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*");
        let of = |names: &str, second: &str| format!(r"\s*({names})\s*\({time}{second}\)\s*");
        let ways = [
            time.clone(),
            of("constant|exponential", ""),
            of("uniform|normal", &format!(",{time}")),
            of("lognormal|pareto", &format!(",{number}")),
        ];
        format!("^({})$", ways.join("|"))
    }

    /// A sample; `unit` gives independent random numbers in `[0, 1)`.
    pub fn sample(&self, mut unit: impl FnMut() -> f64) -> Duration {
        let seconds = match *self {
            Self::Constant(time) => return time.min(LONGEST),
            Self::Uniform(from, to) => {
                let (from, to) = (from.as_secs_f64(), to.as_secs_f64());
                (to - from).mul_add(unit(), from)
            }
            Self::Normal(mean, deviation) => {
                deviation.as_secs_f64().mul_add(normal(&mut unit), mean.as_secs_f64())
            }
            Self::Exponential(mean) => mean.as_secs_f64() * exponential(unit()),
            Self::LogNormal(median, sigma) => median.as_secs_f64() * (sigma * normal(&mut unit)).exp(),
            Self::Pareto(least, exponent) => least.as_secs_f64() * (1.0 - unit()).powf(-exponent.recip()),
        };
        Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())).unwrap_or(LONGEST)
    }
}

/// An exponential number with mean 1, of a random number in `[0, 1)`.
pub fn exponential(unit: f64) -> f64 {
    // 1 - u is never 0, whose logarithm there is none of.
    -(1.0 - unit).ln()
}

/// A standard normal number, by the transform of Box and Muller (1958); `unit` gives independent random numbers in `[0, 1)`.
pub fn normal(mut unit: impl FnMut() -> f64) -> f64 {
    let radius = (2.0 * exponential(unit())).sqrt();
    radius * (TAU * unit()).cos()
}

fn positive(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
}

impl fmt::Display for Distribution {
    /// The notation of files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = duration::text;
        match *self {
            Self::Constant(time) => f.write_str(&text(time)),
            Self::Uniform(from, to) => write!(f, "uniform({}, {})", text(from), text(to)),
            Self::Normal(mean, deviation) => write!(f, "normal({}, {})", text(mean), text(deviation)),
            Self::Exponential(mean) => write!(f, "exponential({})", text(mean)),
            Self::LogNormal(median, sigma) => write!(f, "lognormal({}, {sigma})", text(median)),
            Self::Pareto(least, exponent) => write!(f, "pareto({}, {exponent})", text(least)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xoshiro::Xoshiro;

    /// The samples of 20,000 draws in milliseconds, sorted.
    fn samples(notation: &str) -> Vec<f64> {
        let distribution = Distribution::parse(notation).expect(notation);
        assert_eq!(Distribution::parse(&distribution.to_string()), Some(distribution), "{notation}");
        let mut random = Xoshiro::seeded(7);
        let mut samples: Vec<f64> =
            (0..20_000).map(|_| distribution.sample(|| random.unit()).as_secs_f64() * 1e3).collect();
        samples.sort_by(f64::total_cmp);
        samples
    }

    /// The medians and 99th percentiles follow from the closed forms of the distributions.
    #[test]
    fn samples_have_the_quantiles_of_their_distribution() {
        for (notation, median, p99) in [
            ("200ms", 200.0, 200.0),
            ("uniform(100ms, 300ms)", 200.0, 298.0),
            ("normal(200ms, 50ms)", 200.0, 316.3),
            ("exponential(200ms)", 138.6, 921.0),
            ("lognormal(200ms, 0.5)", 200.0, 640.0),
            ("pareto(100ms, 1.5)", 158.7, 2_154.4),
        ] {
            let samples = samples(notation);
            for (found, wanted) in [(samples[10_000], median), (samples[19_800], p99)] {
                assert!((found / wanted - 1.0).abs() < 0.12, "{notation}: {found} instead of {wanted}");
            }
        }
    }

    #[test]
    fn no_sample_is_negative_or_longer_than_a_day() {
        assert!(samples("normal(1ms, 1h)").first().is_some_and(|least| *least == 0.0));
        let heavy = Distribution::parse("pareto(1h, 0.01)").expect("well formed");
        assert_eq!(heavy.sample(|| 0.999_999), LONGEST);
        assert!(Distribution::parse("exponential(1s)").expect("well formed").sample(|| 0.0).is_zero());
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        for wrong in [
            "",
            "fast",
            "200",
            "uniform(100ms)",
            "uniform(300ms, 100ms)",
            "normal(1s, 2)",
            "exponential(1s, 1s)",
            "lognormal(1s, 1s)",
            "pareto(1s, -1)",
            "pareto(1s, nan)",
            "pareto(1s, 1",
            "gamma(1s, 1s)",
            "uniform()",
        ] {
            assert_eq!(Distribution::parse(wrong), None, "{wrong}");
        }
    }
}
