//! Counts what came of simulated calls, over time. In: when each came and how it ended. Out: counts for each span of time, by when
//! a call came: what was asked for at a moment was answered or it was not, however long that took.

/// The calls of one span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::testing::simulate) struct Bucket {
    /// Calls that came.
    pub(in crate::testing::simulate) offered: u64,
    /// Of these, those that ended well.
    pub(in crate::testing::simulate) ok: u64,
    /// Those turned away without asking the server.
    pub(in crate::testing::simulate) turned_away: u64,
    /// Requests that the server got in this span, of whichever call.
    pub(in crate::testing::simulate) requests: u64,
    /// How long calls that ended well took in all, in seconds.
    pub(in crate::testing::simulate) ok_seconds: f64,
}

/// A span after the other.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Timeline {
    width: f64,
    buckets: Vec<Bucket>,
    /// Whether the run was cut off, and what came from then on was not answered.
    pub(in crate::testing::simulate) is_cut: bool,
}

impl Timeline {
    pub(in crate::testing::simulate) fn new(width: f64) -> Self {
        Self { width, buckets: Vec::new(), is_cut: false }
    }

    /// The one that a moment is in.
    pub(in crate::testing::simulate) fn at(&mut self, seconds: f64) -> &mut Bucket {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts of floats saturate"
        )]
        let index = (seconds / self.width) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, Bucket::default());
        }
        &mut self.buckets[index]
    }

    /// How many spans after `from` 99 of 100 calls end well, `long` spans in a row; `None` if they never do.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    pub(in crate::testing::simulate) fn well_from(&self, from: usize, long: usize) -> Option<f64> {
        // Behind the last call there are spans of its late retries, in which nobody is served well.
        let is_well = |bucket: &Bucket| bucket.offered > 0 && bucket.success() >= 0.99;
        let is_well = |window: &[Bucket]| window.iter().all(is_well);
        let after = self.buckets.get(from..)?.windows(long).position(is_well);
        after.map(|spans| spans as f64)
    }

    /// The success of each span before `end`, to plot.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    pub(in crate::testing::simulate) fn success_over_time(&self, end: usize) -> Vec<(f64, f64)> {
        let spans = self.buckets.iter().take(end).enumerate();
        spans.map(|(span, bucket)| (span as f64, bucket.success())).collect()
    }

    /// The requests of each span in a range; spans are `width` apart in the plot.
    #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
    pub(in crate::testing::simulate) fn requests_over_time(
        &self,
        from: usize,
        to: usize,
        width: f64,
    ) -> Vec<(f64, f64)> {
        let spans = self.buckets.iter().enumerate().take(to).skip(from);
        spans.map(|(span, bucket)| (span as f64 * width, bucket.requests as f64)).collect()
    }

    /// The good ends of each span.
    pub(in crate::testing::simulate) fn ok_over_time(&self) -> impl Iterator<Item = u64> {
        self.buckets.iter().map(|bucket| bucket.ok)
    }

    /// The sum of the spans that begin in that range.
    pub(in crate::testing::simulate) fn sum(&self, from: usize, to: usize) -> Bucket {
        let to = to.min(self.buckets.len());
        self.buckets[from.min(to)..to].iter().fold(Bucket::default(), |sum, bucket| Bucket {
            offered: sum.offered + bucket.offered,
            ok: sum.ok + bucket.ok,
            turned_away: sum.turned_away + bucket.turned_away,
            requests: sum.requests + bucket.requests,
            ok_seconds: sum.ok_seconds + bucket.ok_seconds,
        })
    }
}

impl Bucket {
    /// The share of the calls that ended well; 1 without any.
    #[expect(clippy::cast_precision_loss, reason = "counts of calls")]
    pub(in crate::testing::simulate) fn success(&self) -> f64 {
        if self.offered == 0 { 1.0 } else { self.ok as f64 / self.offered as f64 }
    }

    /// Requests that the server got for each call.
    #[expect(clippy::cast_precision_loss, reason = "counts of calls")]
    pub(in crate::testing::simulate) fn amplification(&self) -> f64 {
        self.requests as f64 / self.offered.max(1) as f64
    }

    /// Calls that did not end well.
    pub(in crate::testing::simulate) fn failed(&self) -> u64 {
        self.offered - self.ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_without_calls_are_not_taken_for_a_recovery() {
        let mut timeline = Timeline::new(1.0);
        for (span, ok) in [1, 0, 0, 1, 1].into_iter().enumerate() {
            *timeline.at(f64::from(u32::try_from(span).unwrap_or(0))) =
                Bucket { offered: 1, ok, ..Bucket::default() };
        }
        assert_eq!((timeline.well_from(1, 2), timeline.well_from(1, 3)), (Some(2.0), None));
        // Retries of the last calls.
        timeline.at(9.0).requests = 5;
        assert_eq!(timeline.well_from(1, 3), None);
    }
}
