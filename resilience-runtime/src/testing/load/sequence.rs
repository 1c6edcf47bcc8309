//! Makes calls one after another, for what a call costs when nothing else goes on. In: a body and a number. Out: a report with the
//! latencies from the actual starts: nobody waits for anybody here.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use super::call_end::ended;
use super::recorder::Recorder;
use super::report::{Report, judged};
use super::running::{Counted, Limits};
use super::schedule::Identity;
use super::threshold::Threshold;
use crate::testing::prose;

/// Part of the calls that are made before, and not measured: they fill caches and register what is registered once.
const WARM_UP: u32 = 10;

/// Calls a body that many times.
pub(in crate::testing) async fn one_after_another<F, Fut, T, E>(
    body: F,
    calls: u32,
    thresholds: &[Threshold],
) -> Report
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    for _ in 0..calls.div_ceil(WARM_UP) {
        ended(&body, None).await;
    }
    let mut recorder = Recorder::new(Duration::ZERO);
    let began = Instant::now();
    for _ in 0..calls {
        let start = Instant::now();
        let end = ended(&body, None).await;
        recorder.began(Duration::ZERO);
        recorder.ended(start.duration_since(began), start.elapsed(), end);
        // A body that is always ready would keep the thread from everybody else.
        tokio::task::yield_now().await;
    }
    let counted = Counted {
        scheduled: calls.into(),
        most_in_flight: 1,
        limits: Limits { in_flight: 1, drain: Duration::ZERO },
        recorder,
        elapsed: began.elapsed(),
    };
    let schedule = Identity::in_words(format!("{}, one after another", prose::counted(calls, "call")));
    judged(counted, schedule, 0, thresholds, None)
}
