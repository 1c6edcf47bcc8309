//! Samples go in, the numbers of the table and of the plot come out.

use std::ops::Range;
use std::time::Duration;

use resilience_runtime::Priority;

use crate::load::Sample;

/// What became of the calls of one load.
pub(crate) struct Numbers {
    samples: Vec<Sample>,
    deadline: Duration,
}

impl Numbers {
    /// An answer after the deadline is none: the caller is gone.
    pub(crate) fn new(mut samples: Vec<Sample>, deadline: Duration) -> Self {
        for sample in &mut samples {
            sample.answered &= sample.latency <= deadline;
        }
        Self { samples, deadline }
    }

    /// Answers a second that came in time, counted when they came.
    pub(crate) fn goodput(&self, span: &Range<Duration>) -> f64 {
        let came = |sample: &&Sample| sample.answered && span.contains(&(sample.at + sample.latency));
        count(self.samples.iter().filter(came)) / span.end.saturating_sub(span.start).as_secs_f64()
    }

    /// The share of the calls of a priority that were answered in time.
    pub(crate) fn success(&self, priority: Priority, span: &Range<Duration>) -> f64 {
        let answered = self.of(priority, span).filter(|sample| sample.answered);
        count(answered) / count(self.of(priority, span)).max(1.0)
    }

    /// A percentile of the latency of the calls that were answered; `None` when none were.
    pub(crate) fn latency(
        &self,
        priority: Priority,
        percent: usize,
        span: &Range<Duration>,
    ) -> Option<Duration> {
        let answered = self.of(priority, span).filter(|sample| sample.answered);
        at_percentile(answered.map(|sample| sample.latency).collect(), percent)
    }

    /// A percentile of the latency of all calls that were answered, at any time.
    pub(crate) fn latency_of_all(&self, percent: usize) -> Option<Duration> {
        let answered = self.samples.iter().filter(|sample| sample.answered);
        at_percentile(answered.map(|sample| sample.latency).collect(), percent)
    }

    /// A percentile of how long callers waited, for their answer or until they gave up, which is at the deadline.
    pub(crate) fn wait(
        &self,
        priority: Priority,
        percent: usize,
        span: &Range<Duration>,
    ) -> Option<Duration> {
        let waits = self.of(priority, span).map(|sample| sample.latency.min(self.deadline));
        at_percentile(waits.collect(), percent)
    }

    fn of(&self, priority: Priority, span: &Range<Duration>) -> impl Iterator<Item = &Sample> {
        let is_one = move |sample: &&Sample| sample.priority == priority && span.contains(&sample.at);
        self.samples.iter().filter(is_one)
    }
}

/// The least time that at least so many per cent do not exceed.
fn at_percentile(mut times: Vec<Duration>, percent: usize) -> Option<Duration> {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).checked_sub(1)?;
    times.get(place).copied()
}

fn count<T>(items: impl Iterator<Item = T>) -> f64 {
    u32::try_from(items.count()).map_or(f64::INFINITY, f64::from)
}
