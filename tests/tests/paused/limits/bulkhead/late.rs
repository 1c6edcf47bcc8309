//! Calls that are alive but not polled, or polled late.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use tokio::sync::Notify;

use super::*;

const SETTINGS: &str = "max_attempts = 1\ndeadline = '30s'\nbreaker = 'off'\nbulkhead = { max_concurrent = 1, max_wait = '20s' }";

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_not_taken_for_100_ms_goes_to_the_next_with_nobody_else_about() {
    testing::isolated(async {
        configure(SETTINGS);
        let holder = tokio::spawn(testing::inherit(ask(slow(20, Answer(1)))));
        tokio::task::yield_now().await;
        let (first, second, third) =
            (Script::new([Answer(1)]), Script::new([slow(50, Answer(2))]), Script::new([Answer(3)]));
        let mut unpolled = Box::pin(call(&first));
        assert!(futures::poll!(unpolled.as_mut()).is_pending());
        let (outcome, later) = tokio::join!(call(&second), async {
            tokio::time::sleep(ms(5)).await;
            call(&third).await
        });
        assert_eq!((holder.await.unwrap(), outcome, later), (Ok(1), Ok(2), Ok(3)));
        assert_eq!(second.asked(), [ms(120)], "100 ms after the permit came free");
        // The queue does not wait for the hanging call again.
        assert_eq!(third.asked(), [ms(170)]);
        assert_eq!((service().bulkhead_in_flight(), service().bulkhead_queue_depth()), (Some(1), Some(0)));
        assert_eq!(unpolled.await, Ok(1), "there is a permit for it");
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_too_late_for_its_permit_is_the_next() {
    testing::isolated(async {
        configure(SETTINGS);
        let holder = tokio::spawn(testing::inherit(ask(slow(20, Answer(1)))));
        tokio::task::yield_now().await;
        let (first, second, third) =
            (Script::new([Answer(1)]), Script::new([slow(50, Answer(2))]), Script::new([Answer(3)]));
        let mut late = Box::pin(call(&first));
        assert!(futures::poll!(late.as_mut()).is_pending());
        let come = async {
            tokio::time::sleep(ms(130)).await;
            late.await
        };
        let important = async {
            tokio::time::sleep(ms(125)).await;
            with_priority(Priority::Critical, call(&third)).await
        };
        let outcomes = tokio::join!(call(&second), come, important);
        assert_eq!(outcomes, (Ok(2), Ok(1), Ok(3)));
        assert_eq!(
            (second.asked(), first.asked(), third.asked()),
            (vec![ms(120)], vec![ms(170)], vec![ms(170)])
        );
        assert_eq!(holder.await.unwrap(), Ok(1));
    })
    .await;
}

/// Wakes one task.
struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

/// Polls a future that long after each wake-up.
async fn lagging<F: Future>(lag: Duration, future: F) -> F::Output {
    let bell = Arc::new(Bell(Notify::new()));
    let waker = Waker::from(Arc::clone(&bell));
    let mut future = pin!(future);
    loop {
        let polled = std::future::poll_fn(|_| {
            std::task::Poll::Ready(future.as_mut().poll(&mut Context::from_waker(&waker)))
        });
        if let std::task::Poll::Ready(output) = polled.await {
            return output;
        }
        bell.0.notified().await;
        tokio::time::sleep(lag).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_runtime_whose_polls_are_all_late_serves_what_it_can() {
    for lag in [110, 200] {
        testing::isolated(async {
            configure(SETTINGS);
            let start = Instant::now();
            let calls = (0..600).map(|number| {
                tokio::spawn(testing::inherit(async move {
                    tokio::time::sleep_until(start + ms(100 * number)).await;
                    let outcome = lagging(ms(lag), ask(slow(20, Answer(1)))).await;
                    outcome.is_ok().then(|| start.elapsed())
                }))
            });
            let ended = futures::future::join_all(calls).await;
            let served = ended.into_iter().filter_map(|ended| ended.unwrap());
            let in_time = served.filter(|at| *at <= secs(60)).count() as u64;
            // Its own body is polled late too.
            let most = 60_000 / (20 + 2 * lag);
            assert!(in_time * 10 >= most * 9, "{in_time} of {most}");
        })
        .await;
    }
}
