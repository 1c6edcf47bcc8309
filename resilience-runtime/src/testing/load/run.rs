//! Runs the open loop of a load test. In: a body and its starts. Out: what was counted. Whoever drops the run drops its calls.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::call_end::Classes;
use super::error::LoadError;
use super::pace;
use super::progress::{EVERY, Told};
use super::running::{Counted, Limits, Running};

/// Ends what is under way when the run is dropped.
struct StopOnDrop<F, E>(Arc<Running<F, E>>);

impl<F, E> Drop for StopOnDrop<F, E> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Calls the body at each start, and waits for the calls.
pub(super) async fn run<F, Fut, T, E>(
    body: F,
    classes: Option<Arc<Classes<E>>>,
    starts: Vec<Duration>,
    lasts: Duration,
    limits: Limits,
    mut told: Option<Told>,
) -> Result<Counted, LoadError>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    let scheduled = u64::try_from(starts.len()).unwrap_or(u64::MAX);
    let running = Arc::new(Running::new(body, classes, limits, lasts));
    let _stop = StopOnDrop(Arc::clone(&running));
    let telling = async {
        let Some(told) = told.as_mut() else { return std::future::pending().await };
        loop {
            tokio::time::sleep(EVERY).await;
            told(&running.progress(scheduled, lasts));
        }
    };
    let working = async {
        let paced = pace::pace(&running, starts).await;
        let mut calls = running.take_calls();
        let _ = timeout(limits.drain, async { while calls.join_next().await.is_some() {} }).await;
        paced
    };
    until_first(working, telling).await?;
    Ok(running.counted(scheduled, lasts))
}

/// Polls the second beside the first, until the first is ready.
async fn until_first<T>(first: impl Future<Output = T>, second: impl Future<Output = ()>) -> T {
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    std::future::poll_fn(move |task| {
        let polled = first.as_mut().poll(task);
        if polled.is_pending() {
            let _ = second.as_mut().poll(task);
        }
        polled
    })
    .await
}
