//! Waits until each call of a load test starts, at the moments that `arrivals` decides. In: the starts. Out: each call, started at
//! its time, on a clock that runs or on a paused one.
//!
//! Timers of tokio come up to a millisecond late, which a user of a fast service would read as its latency. So on a clock
//! that runs, a thread of its own sleeps, which is late by some tens of microseconds. On a paused clock there is nothing to
//! sleep for: tokio's timers are exact there, in whole milliseconds.

use std::future::Future;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::error::LoadError;
use super::running::Running;
use crate::thread::start;

/// The longest sleep of the thread, after which it looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(50);

/// By how much the two clocks may disagree at the end.
const TRUST: Duration = Duration::from_millis(100);

/// Starts all calls, each at its time.
pub(super) async fn pace<F, Fut, T, E>(
    running: &Arc<Running<F, E>>,
    starts: Vec<Duration>,
) -> Result<(), LoadError>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    if is_paused() {
        on_paused_clock(running, &starts).await;
        return Ok(());
    }
    let own = Arc::clone(running);
    let (done, has_done) = oneshot::channel();
    let run = move || {
        on_running_clock(&own, &starts);
        let _ = done.send(());
    };
    let thread = start("resilience-load", Box::new(run));
    if thread.is_err() {
        return Err(LoadError::clock("the system has no thread left to keep the time of the load"));
    }
    let began = std::time::Instant::now();
    let by_tokio = Instant::now();
    let _ = has_done.await;
    let (real, by_tokio) = (began.elapsed(), by_tokio.elapsed());
    if real.abs_diff(by_tokio) > TRUST {
        return Err(LoadError::clock(format!(
            "tokio's clock moved by {by_tokio:.1?} while {real:.1?} went by, so no time is right; pause it before the load, or not at all"
        )));
    }
    Ok(())
}

/// A clock that runs moves within that time.
fn is_paused() -> bool {
    let (before, real) = (Instant::now(), std::time::Instant::now());
    while real.elapsed() < Duration::from_micros(20) {
        std::hint::spin_loop();
    }
    Instant::now() == before
}

async fn on_paused_clock<F, Fut, T, E>(running: &Arc<Running<F, E>>, starts: &[Duration])
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    for &start in starts {
        // The next millisecond is the intended start: a timer knows no other, and it is nobody's delay.
        let start =
            Duration::from_millis(u64::try_from(start.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX));
        sleep_until(running.began() + start).await;
        running.start(start);
    }
}

fn on_running_clock<F, Fut, T, E>(running: &Arc<Running<F, E>>, starts: &[Duration])
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    // Tokio's clock is that of the runtime, also here.
    let _runtime = running.runtime().enter();
    // Of the standard library, which nobody pauses: otherwise this would never end.
    let began = std::time::Instant::now();
    let ahead = running.began().elapsed();
    for &start in starts {
        loop {
            if running.has_stopped() {
                return;
            }
            let now = began.elapsed() + ahead;
            let Some(rest) = start.checked_sub(now).filter(|rest| !rest.is_zero()) else { break };
            sleep(rest.min(LOOK));
        }
        running.start(start);
    }
}
