//! Makes calls one after another, for what a call costs when nothing else goes on. In: a body and a number. Out: a report with the
//! latencies from the actual starts: nobody waits for anybody here.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::call_end::ended;
use super::recorder::Recorder;
use super::report::{Report, judged};
use super::running::{Counted, Limits};
use super::schedule::Identity;
use super::threshold::Threshold;
use crate::testing::prose;

/// Part of the calls that are made before, and not measured: they fill caches and register what is registered once.
const WARM_UP: u32 = 10;

/// What takes longer is taken for what never ends.
const LONGEST: Duration = Duration::from_secs(30);

/// Calls a body that many times, or until a call does not end.
pub(in crate::testing) async fn one_after_another<F, Fut, T, E>(
    body: F,
    calls: u32,
    thresholds: &[Threshold],
) -> Report
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut recorder = Recorder::new(Duration::ZERO);
    let mut left = calls;
    let mut has_hung = false;
    for _ in 0..calls.div_ceil(WARM_UP) {
        has_hung = has_hung || timeout(LONGEST, ended(&body, None)).await.is_err();
    }
    let began = Instant::now();
    while left > 0 && !has_hung {
        left -= 1;
        // Its timer is made before the time is taken.
        let call = timeout(LONGEST, ended(&body, None));
        let start = Instant::now();
        let end = call.await;
        recorder.began(Duration::ZERO);
        match end {
            Ok(end) => recorder.ended(start.duration_since(began), start.elapsed(), end),
            Err(_) => has_hung = true,
        }
        // A body that is always ready would keep the thread from everybody else.
        tokio::task::yield_now().await;
    }
    // One call has not ended, and those after it are not made.
    let unfinished = u64::from(has_hung);
    for _ in 0..u64::from(calls).saturating_sub(recorder.has_ended() + unfinished) {
        recorder.not_started(Duration::ZERO);
    }
    let counted = Counted {
        scheduled: calls.into(),
        most_in_flight: 1,
        limits: Limits { in_flight: 1, drain: LONGEST },
        recorder,
        elapsed: began.elapsed(),
    };
    let schedule = Identity::in_words(format!("{}, one after another", prose::counted(calls, "call")));
    judged(counted, schedule, 0, thresholds, None)
}
