//! Decides the limit of an adaptive bulkhead: how many attempts should run at once. How threads share it is in `shared`. In: how
//! long attempts took, and whether they were turned away. Out: the limit.
//!
//! A service that is given more than it can do answers no faster, only later. So the limit follows the ratio of
//! the latency without queueing (`floor`) to the latency now (`mean` of a window):
//!
//! ```text
//! target = limit · clamp(1.5 · floor / mean, 0.5, 1) + √limit      (0.9 · limit, at once, after a drop)
//! limit  = clamp(0.8 · limit + 0.2 · target, min_concurrent, max_concurrent)
//! ```
//!
//! This is the gradient of Netflix's concurrency-limits (`Gradient2Limit`: tolerance 1.5, smoothing 0.2, and room
//! of √limit for a queue, without which it could never grow) with the decrease of its `AIMDLimit` on drops. The
//! limit does not rise while less than half of it is used: latency says nothing about load that was not there.
//!
//! The floor is the least mean seen, and a least value that is never forgotten would pin the limit once the
//! service has become slower for good. A floor that drifts up to the mean, as the original's does, takes lasting
//! overload for normal. So a floor that no window has come near for [`AGE`] is measured again at half the limit,
//! as BBR does with the minimal round trip: on attempts that started after the surplus had run out.

use std::time::Duration;

use resilience_settings::policy::BulkheadSettings;

use crate::clock::Tick;

/// How long a floor holds without being confirmed. BBR takes 10 s, since routes change; a service changes with its
/// deployments, and a probe costs half the throughput for a moment.
pub(super) const AGE: Duration = Duration::from_secs(30);

/// A window has at least this many attempts, Netflix's own number, so that one slow attempt is no trend…
const SAMPLES: u32 = 10;

/// …and is at least this long, so that a burst is no trend either, and a second brings at most ten steps.
const WINDOW: Duration = Duration::from_millis(100);

/// How many mean latencies a probe waits for the surplus to drain. Half of what runs has ended after half of one,
/// unless some attempts take far longer than most; those must not hold the limit down.
const DRAIN: f64 = 4.0;

const TOLERANCE: f64 = 1.5;
const SMOOTHING: f64 = 0.2;
const AFTER_DROP: f64 = 0.9;
/// A mean this much above the floor still confirms it.
const NEAR: f64 = 1.1;

/// The result of one attempt, and how many were running, itself included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) latency: Duration,
    pub(super) dropped: bool,
    pub(super) in_flight: u32,
}

/// The state of one adaptive limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gradient {
    /// 0 until the first window ends.
    limit: f64,
    /// In seconds; 0 while unknown.
    floor: f64,
    floor_at: Tick,
    /// The mean latency of the last window, in seconds.
    mean: f64,
    probe: Option<Probe>,
    window: Samples,
}

/// A new measurement of the floor.
#[derive(Clone, Copy, Debug)]
enum Probe {
    /// Until this time, waits for the attempts above the lowered limit to end.
    Draining(Tick),
    /// Only attempts that started since this time count.
    Measuring(Tick),
}

#[derive(Clone, Copy, Debug, Default)]
struct Samples {
    began: Option<Tick>,
    seconds: f64,
    answered: u32,
    seen: u32,
    busiest: u32,
    dropped: bool,
}

impl Gradient {
    /// Adds a sample, which may change the limit.
    pub(super) fn observe(&mut self, sample: Sample, now: Tick, settings: &BulkheadSettings) {
        self.expire(now);
        if let Some(Probe::Draining(_)) = self.probe {
            if sample.in_flight > self.limit(settings) {
                return;
            }
            self.probe = Some(Probe::Measuring(now));
        }
        if let Some(Probe::Measuring(since)) = self.probe
            && now.since(since) < sample.latency
        {
            return;
        }
        let began = *self.window.began.get_or_insert(now);
        self.window.take(sample);
        if self.window.seen >= SAMPLES && now.since(began) >= WINDOW {
            let window = std::mem::take(&mut self.window);
            self.step(&window, now, settings);
        }
    }

    /// Ends a probe whose surplus does not drain, and takes the current latency as the floor.
    pub(super) fn expire(&mut self, now: Tick) {
        if matches!(self.probe, Some(Probe::Draining(until)) if now >= until) {
            self.probe = None;
            self.floor = self.mean;
            self.floor_at = now;
        }
    }

    fn step(&mut self, window: &Samples, now: Tick, settings: &BulkheadSettings) {
        let mean = window.mean();
        let probed = self.probe.take().is_some();
        if let Some(mean) = mean {
            self.mean = mean;
            if probed || self.floor == 0.0 || mean < self.floor {
                self.floor = mean;
            }
            if mean <= self.floor * NEAR {
                self.floor_at = now;
            }
        }
        let limit = self.full(settings);
        let next = match mean {
            _ if window.dropped => limit * AFTER_DROP,
            Some(mean) if mean > 0.0 => {
                let gradient = (TOLERANCE * self.floor / mean).clamp(0.5, 1.0);
                limit + SMOOTHING * (limit * gradient + limit.sqrt() - limit)
            }
            _ => limit,
        };
        let idle = f64::from(window.busiest) * 2.0 < limit;
        self.limit = if idle { next.min(limit) } else { next };
        if now.since(self.floor_at) >= AGE && self.floor > 0.0 {
            let drained = Duration::try_from_secs_f64(self.mean * DRAIN).unwrap_or(Duration::MAX);
            self.probe = Some(Probe::Draining(now.plus(drained.saturating_add(WINDOW))));
        }
    }

    /// The limit in force.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to numbers that came from a u32"
    )]
    pub(super) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        let full = self.full(settings);
        let share = if self.probe.is_some() { 0.5 } else { 1.0 };
        (full * share).round().max(bounds(settings).0) as u32
    }

    /// The limit while nothing is probed.
    fn full(&self, settings: &BulkheadSettings) -> f64 {
        let (least, most) = bounds(settings);
        if self.limit == 0.0 {
            // The geometric middle. At the top, the floor would be learned under load and could not be told from it.
            (least * most).sqrt()
        } else {
            self.limit.clamp(least, most)
        }
    }
}

impl Samples {
    fn take(&mut self, sample: Sample) {
        self.seen = self.seen.saturating_add(1);
        self.busiest = self.busiest.max(sample.in_flight);
        if sample.dropped {
            // The time until a refusal is no latency of the service.
            self.dropped = true;
        } else {
            self.answered = self.answered.saturating_add(1);
            self.seconds += sample.latency.as_secs_f64();
        }
    }

    fn mean(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.seconds / f64::from(self.answered))
    }
}

fn bounds(settings: &BulkheadSettings) -> (f64, f64) {
    let most = settings.max_concurrent.max(1);
    (f64::from(settings.min_concurrent.clamp(1, most)), f64::from(most))
}
