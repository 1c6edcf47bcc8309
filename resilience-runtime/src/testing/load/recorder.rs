//! Counts the calls of a load test as they end. In: each call's intended start, how late it began and how it ended. Out: counts,
//! histograms, and the same over time in a bounded number of steps.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::call_end::CallEnd;
use crate::clock::nanos;
use crate::rejection::RejectionKind;

/// Nanoseconds of an hour: what takes longer counts as that.
const LONGEST: u64 = 3_600_000_000_000;

/// Steps of the course over time: more cannot be told apart on a page.
const STEPS: u32 = 60;

/// Classes of errors that are counted apart; the rest is `others`.
const CLASSES: usize = 20;

/// Latencies in nanoseconds, to three digits.
pub(super) fn histogram() -> Histogram<u64> {
    of_digits(3)
}

fn of_digits(digits: u8) -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST, digits).expect("these bounds and digits are allowed")
}

/// A stretch of time, by intended start.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) ok: u64,
    pub(super) failed: u64,
    pub(super) rejected: u64,
    pub(super) not_started: u64,
    /// To two digits, as there are many.
    pub(super) latency: Histogram<u64>,
}

/// Everything that was counted.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) ok: u64,
    pub(super) failed: u64,
    pub(super) panicked: u64,
    pub(super) not_started: u64,
    pub(super) rejected: BTreeMap<RejectionKind, u64>,
    pub(super) classes: BTreeMap<String, u64>,
    pub(super) latency: Histogram<u64>,
    pub(super) lateness: Histogram<u64>,
    pub(super) steps: Vec<Step>,
    pub(super) step: Duration,
    /// When the last call ended, since the begin.
    pub(super) last_end: Duration,
}

impl Recorder {
    /// For starts within this time.
    pub(super) fn new(lasts: Duration) -> Self {
        let step = step_of(lasts);
        let steps = usize::try_from(lasts.as_nanos().div_ceil(step.as_nanos())).unwrap_or(1).max(1);
        let empty = Step { ok: 0, failed: 0, rejected: 0, not_started: 0, latency: of_digits(2) };
        Self {
            ok: 0,
            failed: 0,
            panicked: 0,
            not_started: 0,
            rejected: BTreeMap::new(),
            classes: BTreeMap::new(),
            latency: histogram(),
            lateness: histogram(),
            steps: vec![empty; steps],
            step,
            last_end: Duration::ZERO,
        }
    }

    /// A call that the limit kept from starting.
    pub(super) fn not_started(&mut self, intended: Duration) {
        self.not_started += 1;
        self.step_at(intended).not_started += 1;
    }

    /// A call that began.
    pub(super) fn began(&mut self, late: Duration) {
        self.lateness.saturating_record(nanos(late));
    }

    /// A call that ended, so long after its intended start.
    pub(super) fn ended(&mut self, intended: Duration, latency: Duration, end: CallEnd) {
        let taken = nanos(latency).max(1);
        self.latency.saturating_record(taken);
        self.last_end = self.last_end.max(intended.saturating_add(latency));
        let step = self.step_at(intended);
        step.latency.saturating_record(taken);
        match end {
            CallEnd::Ok => step.ok += 1,
            CallEnd::Rejected(_) => step.rejected += 1,
            CallEnd::Failed(_) | CallEnd::Panicked => step.failed += 1,
        }
        match end {
            CallEnd::Ok => self.ok += 1,
            CallEnd::Rejected(kind) => *self.rejected.entry(kind).or_default() += 1,
            CallEnd::Panicked => self.panicked += 1,
            CallEnd::Failed(class) => {
                self.failed += 1;
                if let Some(class) = class {
                    self.classed(class.into_owned());
                }
            }
        }
    }

    /// How many calls have ended.
    pub(super) fn has_ended(&self) -> u64 {
        self.ok + self.failed + self.panicked + self.rejected.values().sum::<u64>()
    }

    fn classed(&mut self, class: String) {
        let is_new = !self.classes.contains_key(&class);
        let class = if is_new && self.classes.len() >= CLASSES { "others".to_owned() } else { class };
        *self.classes.entry(class).or_default() += 1;
    }

    /// The step of an intended start. The last start may stand at the very end, and belongs to the last step.
    fn step_at(&mut self, intended: Duration) -> &mut Step {
        let last = self.steps.len() - 1;
        let at = usize::try_from(intended.as_nanos() / self.step.as_nanos()).map_or(last, |at| at.min(last));
        &mut self.steps[at]
    }
}

/// The shortest round time of which the whole has at most [`STEPS`].
fn step_of(lasts: Duration) -> Duration {
    let least = lasts / STEPS;
    let mut decade = Duration::from_millis(1);
    loop {
        for of_decade in [1, 2, 5] {
            let step = decade.saturating_mul(of_decade);
            if step >= least {
                return step;
            }
        }
        decade = decade.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (lasts, step) in [(0, 1), (60, 1), (61, 2), (1_000, 20), (30_000, 500), (3_600_000, 100_000)] {
            let (lasts, step) = (Duration::from_millis(lasts), Duration::from_millis(step));
            assert_eq!(step_of(lasts), step, "{lasts:?}");
            assert!(Recorder::new(lasts).steps.len() <= 60);
        }
        assert!(!step_of(Duration::MAX).is_zero());
    }

    #[test]
    fn more_classes_than_a_report_can_list_are_counted_as_others() {
        let mut recorder = Recorder::new(Duration::from_secs(1));
        for number in 0..50 {
            let class = Some(format!("status {number:02}").into());
            recorder.ended(Duration::ZERO, Duration::from_millis(1), CallEnd::Failed(class));
        }
        assert_eq!(recorder.classes.len(), CLASSES + 1);
        assert_eq!(recorder.classes["others"], 30);
        assert_eq!(recorder.has_ended(), 50);
    }
}
