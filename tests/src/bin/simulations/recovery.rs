//! The time to recover from a spike, and the calls that fail by it. In: a report of each seed. Out: claims.
//!
//! Times are judged for each seed. Failed calls are judged by their sums over the seeds: without retries a queue drains at the
//! rate of what is free, so at a load of 0.95 a chance of a tenth more or less work moves its end by as much, and a single seed
//! says little.

use resilience_runtime::testing::simulate::Report;

use crate::claims::{Claims, values};

/// From the same moment as the time to recover, beside which they stand: what the bar is about.
const SINCE_END: &str = "failed since the spike ended";
/// From the beginning of the spike on. While it lasts, all fail alike whose queue is too long.
const SINCE_BEGIN: &str = "failed since it began";

impl Claims {
    /// The bar for the time to recover.
    pub(crate) fn recovery(&mut self, report: &Report) {
        let loads = values(report, "load");
        let recovery = |policy: &str, load: &str| report.number(&[policy, load], "recovery");
        let ours: Vec<f64> = loads.iter().filter_map(|load| recovery("defaults", load)).collect();
        let (fastest, slowest) =
            (ours.iter().copied().fold(f64::MAX, f64::min), ours.iter().copied().fold(0.0, f64::max));
        let is_quick = ours.len() == loads.len() && slowest <= 15.0;
        self.claim(report, is_quick, "the defaults recover within 15 units at every load");
        self.claim(report, slowest <= 2.0 * fastest, "and at no load twice as slowly as at another");
        for load in &loads {
            let share = load.parse::<f64>().unwrap_or(f64::NAN);
            self.claim(
                report,
                recovery("plain retries", load).is_none(),
                &format!("plain retries never do at {load}"),
            );
            let budget = recovery("budget alone", load);
            let is_as_said = budget.is_some() == (share < 1.0 / 1.1);
            self.claim(report, is_as_said, &format!("a budget alone does below 1/1.1 only, at {load}"));
        }
        // What is above one timeout of the queue that four units of twice the load leave, at the rate of what is free.
        let expected = |load: f64| (4.0 * (2.0 * load - 1.0) - 1.0) / (1.0 - load);
        if let (Some(low), Some(high)) = (recovery("no retry", "0.8"), recovery("no retry", "0.95")) {
            let ratio = high / low / (expected(0.95) / expected(0.8));
            let claim = format!("no retry grows as 1/(1 - load): {low} to {high} is {ratio:.2} of that");
            self.claim(report, (ratio - 1.0).abs() < 0.4, &claim);
        }
    }

    /// The bar for the calls that fail over the time to recover, over all seeds; and that while the spike lasts, none more fail
    /// than without retries.
    pub(crate) fn failed_calls(&mut self, reports: &[Report]) {
        let Some(first) = reports.first() else { return };
        for load in values(first, "load") {
            let share = load.parse::<f64>().unwrap_or(f64::NAN);
            let bar = match share {
                share if share <= 0.8 => Some(1.25),
                share if share >= 0.95 => Some(0.2),
                _ => None,
            };
            let since_end = Ratio::of(reports, &load, |of| of(SINCE_END));
            let since_begin = Ratio::of(reports, &load, |of| of(SINCE_BEGIN));
            let meanwhile = Ratio::of(reports, &load, |of| Some(of(SINCE_BEGIN)? - of(SINCE_END)?));
            println!(
                "failed calls of the defaults for each of no retry at load {load}, over {} seeds: {since_end} of those that \
                 come once the spike is over, {meanwhile} while it lasts, {since_begin} from its beginning on",
                since_end.seeds
            );
            let claim = format!(
                "while the spike lasts, {meanwhile} of the failed calls of no retry at {load}, at most 1.02"
            );
            self.claim(first, meanwhile.mean <= 1.02, &claim);
            let Some(bar) = bar else { continue };
            let claim = format!("once it is over, {since_end} of them at {load}, at most {bar}");
            // At 0.8 a queue is short, and two seeds of it say less than the bar asks.
            let doubt = if since_end.seeds < 5 && share <= 0.8 { 2.0 * since_end.error } else { 0.0 };
            self.claim(first, since_end.mean - doubt <= bar, &claim);
        }
    }
}

/// Failed calls of the defaults for each of no retry, and the standard error of that over the seeds.
struct Ratio {
    mean: f64,
    error: f64,
    seeds: usize,
}

impl Ratio {
    #[expect(clippy::cast_precision_loss, reason = "a number of seeds")]
    fn of(
        reports: &[Report],
        load: &str,
        failed: impl Fn(&dyn Fn(&str) -> Option<f64>) -> Option<f64>,
    ) -> Self {
        let of = |report: &Report, policy| failed(&|column| report.number(&[policy, load], column));
        // Some have fewer loads.
        let pairs: Vec<(f64, f64)> =
            reports.iter().filter_map(|report| of(report, "defaults").zip(of(report, "no retry"))).collect();
        let (ours, without) =
            pairs.iter().fold((0.0, 0.0), |(ours, without), pair| (ours + pair.0, without + pair.1));
        let mean = ours / without;
        // Of a ratio of two sums, to the first order.
        let seeds = pairs.len() as f64;
        let spread: f64 = pairs.iter().map(|(ours, without)| (ours - mean * without).powi(2)).sum();
        let error = if seeds > 1.0 { (spread * seeds / (seeds - 1.0)).sqrt() / without } else { 0.0 };
        Self { mean, error, seeds: pairs.len() }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3} ± {:.3}", self.mean, self.error)
    }
}
