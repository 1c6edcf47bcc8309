//! Samples of any kind that fulfil the conditions for proposals, or nearly.

use std::time::Duration;

use proptest::prelude::*;

use crate::advice::Measured;

pub(super) fn any_sample() -> impl Strategy<Value = Measured> {
    let micros = 100..2_000_000_u64;
    (
        (1_000_u64..5_000_000, 0.0..0.01_f64, 0.0..0.002_f64),
        (micros, 1.0..4.0_f64, 1.0..4.0_f64, 1.0..10.0_f64),
        (0.1..2_000.0_f64, 1.0..5.0_f64, 0.7..1.3_f64),
        (0_u64..2_000, proptest::option::of(0.0..0.2_f64), proptest::option::of(1_u32..500)),
    )
        .prop_map(
            |((attempts, failed, timed_out), (mean, a, b, c), (rate, burst, apart), (most, share, limit))| {
                let mean = Duration::from_micros(mean);
                let (p95, p99, p999) = (mean.mul_f64(a), mean.mul_f64(a * b), mean.mul_f64(a * b * c));
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "shares"
                )]
                let part = |share: f64| (attempts as f64 * share) as u64;
                Measured {
                    length: Duration::from_hours(2),
                    attempts,
                    failed: part(failed),
                    succeeded: attempts - part(failed),
                    timed_out: part(timed_out),
                    mean: Some(mean),
                    p95: Some(p95),
                    p99: Some(p99),
                    p999: Some(p999),
                    per_second: rate,
                    peak_per_second: Some(rate * burst),
                    in_flight_mean: Some(rate * mean.as_secs_f64() * apart),
                    in_flight_peak: most,
                    retry_share_p95: share,
                    bulkhead_limit: limit,
                    ..Measured::default()
                }
            },
        )
}
