//! Futures that were polled and then left alone, and what they hold: other calls get it in time.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::probes::services;
use crate::checks::findings::{hold, violated};
use crate::checks::ledger::Counted;
use crate::plan::Plan;
use crate::scenes::Scene;

/// With a margin for a busy machine.
const LATE: Duration = Duration::from_millis(500);

/// A call that was polled once.
fn left_alone(scene: &'static Scene, plan: Plan) -> Counted {
    let mut call = (scene.ask)(plan);
    let polled = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
    if let Poll::Ready(outcome) = polled {
        violated(scene.name, "a call that hangs is pending", &format!("{outcome:?}"));
    }
    call
}

/// Trials of a half-open breaker: none holds its place for longer than its attempt may take.
pub(super) async fn trials(scene: &'static Scene) {
    const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(50);
    const TRIALS: usize = 2;

    let Some((_, service)) = services(scene).next() else { return };
    for _ in 0..100 {
        let _ = (scene.ask)(Plan::failing(0)).await;
    }
    while let Some(rest) = service.retry_after()
        && !rest.is_zero()
    {
        sleep(rest).await;
    }
    let left: Vec<_> = (0..TRIALS).map(|_| left_alone(scene, Plan::hanging(0))).collect();
    let begun = Instant::now();
    while (scene.ask)(Plan::steady(0)).await.is_err() {
        if begun.elapsed() > ATTEMPT_TIMEOUT + LATE {
            let details = format!("{} after {:?}", service.breaker_state(), begun.elapsed());
            violated(scene.name, "trials that are left alone keep nobody out", &details);
            break;
        }
        sleep(Duration::from_millis(2)).await;
    }
    drop(left);
}

/// A granted slot: if it is not taken within a tenth of a second, it is offered to the next call as well.
pub(super) async fn permit(scene: &'static Scene) {
    const PERMITS: usize = 3;

    let mut holders: Vec<_> = (0..PERMITS).map(|_| left_alone(scene, Plan::hanging(0))).collect();
    let granted = left_alone(scene, Plan::steady(0));
    let next = tokio::spawn((scene.ask)(Plan::steady(0)));
    sleep(Duration::from_millis(5)).await;
    drop(holders.pop());
    let admitted = timeout(Duration::from_millis(100) + LATE, next).await;
    hold(admitted.is_ok(), scene.name, "a permit that is not taken is offered to the next", || {
        format!("not within {LATE:?}")
    });
    drop((granted, holders));
}

/// The lead of a flight: it passes on when the leader is past its deadline.
pub(super) async fn flight(scene: &'static Scene) {
    const DEADLINE: Duration = Duration::from_secs(1);

    // A key that no other call uses.
    let key = scene.temper.keys + 1;
    let leader = left_alone(scene, Plan::hanging(key));
    sleep(DEADLINE / 2).await;
    let answer = timeout(DEADLINE / 2 + LATE, (scene.ask)(Plan::steady(key))).await;
    hold(
        matches!(answer, Ok(Ok(given)) if given == key),
        scene.name,
        "followers of a leader that is left alone lead",
        || format!("{answer:?}"),
    );
    drop(leader);
}
