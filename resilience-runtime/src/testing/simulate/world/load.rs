//! Decides when calls of a simulation arrive (open loop, Poisson). In: calls per second from which moment on. Out: the moments at
//! which calls arrive, whatever became of the ones before: a closed loop would stop asking as soon as the server is slow, and hide
//! what is looked for.

use super::random::Random;

/// Arrivals, at a rate that changes in steps.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Load {
    /// From when on, in seconds, and calls per second; in order of time.
    steps: Vec<(f64, f64)>,
    end: f64,
    now: f64,
    random: Random,
}

impl Load {
    /// Until `end`, `steps` are from when on (seconds, the first at 0) there are how many calls per second.
    pub(in crate::testing::simulate) fn new(steps: &[(f64, f64)], end: f64, random: Random) -> Self {
        Self { steps: steps.to_vec(), end, now: 0.0, random }
    }

    /// About how many calls arrive in all.
    pub(in crate::testing::simulate) fn calls(&self) -> f64 {
        let ends = self.steps.iter().skip(1).map(|(from, _)| *from).chain([self.end]);
        let spans = self.steps.iter().zip(ends);
        spans.map(|((from, rate), to)| (to.min(self.end) - from).max(0.0) * rate).sum()
    }

    /// How long calls arrive, in seconds.
    pub(in crate::testing::simulate) fn end(&self) -> f64 {
        self.end
    }
}

impl Iterator for Load {
    type Item = f64;

    /// The moment of the next arrival, in seconds.
    fn next(&mut self) -> Option<f64> {
        // So many calls are expected until the next: it is used up at the rate of each step.
        let mut left = self.random.exponential(1.0);
        loop {
            let current = self.steps.iter().rposition(|(from, _)| *from <= self.now)?;
            let rate = self.steps[current].1;
            let until = self.steps.get(current + 1).map_or(f64::INFINITY, |(from, _)| *from);
            if (until - self.now) * rate > left {
                self.now += left / rate;
                return (self.now < self.end).then_some(self.now);
            }
            if until >= self.end {
                return None;
            }
            left -= (until - self.now) * rate;
            self.now = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_arrive_in_each_step_as_its_rate_says() {
        let load = Load::new(&[(0.0, 100.0), (10.0, 0.0), (20.0, 1_000.0)], 30.0, Random::new(5, 1));
        assert!((load.calls() - 11_000.0).abs() < 1e-6, "{}", load.calls());
        let arrivals: Vec<f64> = load.collect();
        assert!(arrivals.is_sorted());
        let within = |from, to| arrivals.iter().filter(|at| **at >= from && **at < to).count();
        // Poisson: four deviations.
        assert!((960..1_040).contains(&within(0.0, 10.0)) || within(0.0, 10.0).abs_diff(1_000) < 127);
        assert_eq!(within(10.0, 20.0), 0);
        assert!(within(20.0, 30.0).abs_diff(10_000) < 400, "{}", within(20.0, 30.0));
        assert_eq!(within(30.0, f64::INFINITY), 0);
    }
}
