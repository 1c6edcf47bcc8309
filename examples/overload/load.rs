//! Rates go in, calls are made at times that were fixed before, and what became of each comes out.
//!
//! The load is open: callers come when they come, and do not wait for the answers of others. A loop that sends the
//! next request after the last answer would slow down together with the server and hide the queue. For the same reason
//! latency counts from when a call was meant to start, not from when it did.

use std::future::Future;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use resilience_runtime::Priority;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// The priorities in the load, and the share of each.
pub(crate) const MIX: [(Priority, f64); 3] =
    [(Priority::Critical, 0.1), (Priority::Normal, 0.3), (Priority::Low, 0.6)];

/// One call that is to be made.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    at: Duration,
    priority: Priority,
}

/// One call that was made.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// When it was meant to start.
    pub(crate) at: Duration,
    pub(crate) priority: Priority,
    /// From then to its end.
    pub(crate) latency: Duration,
    pub(crate) answered: bool,
}

/// Random arrivals, as those of independent callers are, for so long at so many a second, then the next. They are the
/// same in every run.
pub(crate) fn schedule(rates: &[(Duration, f64)]) -> Vec<Arrival> {
    let mut random = StdRng::seed_from_u64(3);
    let mut arrivals = Vec::new();
    let (mut at, mut end) = (0.0, 0.0);
    for (time, per_second) in rates {
        end += time.as_secs_f64();
        while at < end {
            arrivals.push(Arrival { at: Duration::from_secs_f64(at), priority: priority(random.random()) });
            // The time between two arrivals is distributed exponentially.
            at -= (1.0 - random.random::<f64>()).ln() / per_second;
        }
    }
    arrivals
}

fn priority(mut share: f64) -> Priority {
    for (priority, part) in MIX {
        share -= part;
        if share < 0.0 {
            return priority;
        }
    }
    Priority::Low
}

/// Makes every call at its time, and waits for the last to end.
pub(crate) async fn drive<F>(arrivals: &[Arrival], call: impl Fn(Priority) -> F) -> Vec<Sample>
where
    F: Future<Output = bool> + Send + 'static,
{
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for &Arrival { at, priority } in arrivals {
        sleep_until(start + at).await;
        let call = call(priority);
        calls.spawn(async move {
            let answered = call.await;
            Sample { at, priority, latency: start.elapsed().saturating_sub(at), answered }
        });
    }
    calls.join_all().await
}
