//! Computes the pressure on the process out of what was measured. In: measurements and thresholds. Out: the pressure. Pure
//! arithmetic: other files measure, and others decide what to shed.

use std::time::Duration;

use resilience_settings::policy::SheddingSettings;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Cpu,
    Memory,
    SchedulerLag,
    QueueTime,
    InFlight,
}

impl Source {
    /// The name in logs: the key of its threshold.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::SchedulerLag => "scheduler_lag",
            Self::QueueTime => "queue_time",
            Self::InFlight => "max_in_flight",
        }
    }
}

/// All measurements of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Readings {
    /// The share of the available processor time that is used; `None` if it cannot be read.
    pub(crate) cpu: Option<f64>,
    /// The share of the available memory that is used; `None` if it cannot be read.
    pub(crate) memory: Option<f64>,
    /// The standing delay of timers.
    pub(crate) scheduler_lag: Duration,
    /// The standing delay of queued attempts.
    pub(crate) queue_time: Duration,
    /// The number of calls in flight.
    pub(crate) in_flight: u64,
}

impl Readings {
    /// The largest of the measurements, each divided by its threshold, and which one that is. Never negative and never
    /// NaN: any measurement above zero exceeds a threshold of zero.
    pub(crate) fn pressure(&self, settings: &SheddingSettings) -> (f64, Source) {
        let seconds = |time: Duration, limit: Duration| time.as_secs_f64() / limit.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 calls in flight")]
        let in_flight = settings.max_in_flight.map_or(0.0, |most| self.in_flight as f64 / f64::from(most));
        [
            (self.cpu.unwrap_or(0.0) / settings.cpu.get(), Source::Cpu),
            (self.memory.unwrap_or(0.0) / settings.memory.get(), Source::Memory),
            (seconds(self.scheduler_lag, settings.scheduler_lag), Source::SchedulerLag),
            (seconds(self.queue_time, settings.queue_time), Source::QueueTime),
            (in_flight, Source::InFlight),
        ]
        .into_iter()
        // Comparisons with NaN are false, so NaN is never chosen.
        .fold((0.0, Source::Cpu), |worst, next| if next.0 > worst.0 { next } else { worst })
    }
}

#[cfg(test)]
mod tests {
    use resilience_settings::policy::Ratio;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> SheddingSettings {
        settings!(SheddingSettings {
            enabled: true,
            cpu: Ratio::saturating(0.8),
            memory: Ratio::saturating(0.5),
            scheduler_lag: Duration::from_millis(100),
            queue_time: Duration::from_millis(500),
            max_in_flight: Some(200),
            recover_after: 5 * SECOND,
        })
    }

    #[test]
    fn the_pressure_is_the_worst_measurement_against_its_threshold() {
        let calm = Readings::default();
        for (readings, pressure, source) in [
            (calm, 0.0, Source::Cpu),
            (Readings { cpu: Some(0.4), ..calm }, 0.5, Source::Cpu),
            (Readings { memory: Some(0.6), cpu: Some(0.4), ..calm }, 1.2, Source::Memory),
            (
                Readings { scheduler_lag: Duration::from_millis(150), memory: Some(0.5), ..calm },
                1.5,
                Source::SchedulerLag,
            ),
            (Readings { queue_time: SECOND, ..calm }, 2.0, Source::QueueTime),
            (Readings { in_flight: 500, queue_time: SECOND, ..calm }, 2.5, Source::InFlight),
            (Readings { cpu: Some(f64::NAN), memory: Some(0.25), ..calm }, 0.5, Source::Memory),
        ] {
            let (measured, from) = readings.pressure(&settings());
            assert!((measured - pressure).abs() < 1e-9, "{readings:?}: {measured}");
            assert_eq!(from, source, "{readings:?}");
        }
    }

    #[test]
    fn calls_in_flight_count_only_against_a_limit() {
        let readings = Readings { in_flight: u64::MAX, ..Readings::default() };
        let unlimited = settings!(SheddingSettings { max_in_flight: None, ..settings() });
        assert_eq!(readings.pressure(&unlimited).0.to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_threshold_of_zero_makes_no_nan() {
        let none = settings!(SheddingSettings {
            cpu: Ratio::ZERO,
            scheduler_lag: Duration::ZERO,
            max_in_flight: Some(0),
            ..settings()
        });
        assert_eq!(Readings::default().pressure(&none).0.to_bits(), 0.0_f64.to_bits());
        let busy = Readings { cpu: Some(0.1), ..Readings::default() };
        assert!(busy.pressure(&none).0 > 1.5);
    }
}
