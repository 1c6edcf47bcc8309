//! Waits that end when they should: turns of a rate limit, and timers.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::probes::services;
use crate::checks::findings::hold;
use crate::plan::Plan;
use crate::scenes::Scene;

/// Measured on a busy machine: a delay caused by the library shows each time.
const TRIES: u32 = 4;

/// Callers that wait for a turn and give up, and then one that does not: no call is ahead of it, so it gets the next
/// turn.
pub(super) async fn turns(scene: &'static Scene) {
    const GIVE_UP: usize = 40;
    /// A turn is due every 4 ms; the rest is a margin for the machine.
    const SOON: Duration = Duration::from_millis(30);

    let mut last = Duration::ZERO;
    for _ in 0..TRIES {
        let mut waiting = JoinSet::new();
        for key in 0..GIVE_UP {
            let call = (scene.ask)(Plan::steady(key as u64));
            waiting.spawn(timeout(Duration::from_millis(2), call));
        }
        waiting.join_all().await;
        let begun = Instant::now();
        let outcome = (scene.ask)(Plan::steady(0)).await;
        last = begun.elapsed();
        if outcome.is_ok() && last < SOON {
            return;
        }
        sleep(Duration::from_millis(300)).await;
    }
    hold(false, scene.name, "who gives up a turn leaves it to others", || {
        format!("the next of {GIVE_UP} who gave up had its turn after {last:?} instead of 4 ms")
    });
}

/// Attempts that hang end at their timeout.
pub(super) async fn timeout_in_time(scene: &'static Scene) {
    const CALLS: u64 = 16;
    /// Two attempts of 4 ms, or a deadline of 6 ms.
    const DUE: Duration = Duration::from_millis(8);
    const LATE: Duration = Duration::from_millis(60);

    let mut last = Vec::new();
    for _ in 0..TRIES {
        let mut calls = JoinSet::new();
        for key in 0..CALLS {
            calls.spawn(async move {
                let begun = Instant::now();
                let ended = timeout(Duration::from_secs(2), (scene.ask)(Plan::hanging(key))).await;
                (ended.is_ok(), begun.elapsed())
            });
        }
        let ends = calls.join_all().await;
        hold(ends.iter().all(|(has_ended, _)| *has_ended), scene.name, "every timer goes off", || {
            format!(
                "attempts of {:?} have not ended after 2 s",
                services(scene).map(|(l, _)| l.service).collect::<Vec<_>>()
            )
        });
        last = ends.into_iter().map(|(_, time)| time).collect();
        last.sort();
        if last[last.len() / 2] < DUE + LATE {
            return;
        }
    }
    hold(false, scene.name, "timers go off in time", || {
        format!("attempts due after {DUE:?} ended after {last:?}")
    });
}
