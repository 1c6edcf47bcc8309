//! A slot is released, however an attempt ends.

use super::*;

const SETTINGS: &str = "max_attempts = 1\nattempt_timeout = '100ms'\nbreaker = 'off'\nbulkhead = { max_concurrent = 1, max_wait = '50ms' }";

async fn is_free() -> bool {
    service().bulkhead_in_flight() == Some(0) && ask(Answer(1)).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_permit_comes_back_after_an_error_a_timeout_a_drop_and_a_panic() {
    testing::isolated(async {
        configure(SETTINGS);
        assert_eq!(ask(Fail(Fault::Wrong)).await, Err(Fault::Wrong));
        assert!(is_free().await, "error");
        let outcome = ask(Hang).await;
        assert_eq!(rejected(&outcome), Some(RejectionKind::AttemptTimeout));
        assert!(is_free().await, "timeout");
        assert!(tokio::time::timeout(ms(20), ask(Hang)).await.is_err());
        assert!(is_free().await, "drop");
        let panics = tokio::spawn(testing::inherit(async { ask(Step::Panic).await }));
        assert!(panics.await.unwrap_err().is_panic());
        assert!(is_free().await, "panic");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_dropped_leaves_the_queue() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '5s'\nbulkhead = { max_concurrent = 1, max_queue = 1, max_wait = '9s' }");
        let (first, ()) = tokio::join!(ask(slow(500, Answer(1))), async {
            let dropped = Script::new([Answer(2)]);
            assert!(tokio::time::timeout(ms(100), call(&dropped)).await.is_err());
            assert_eq!(dropped.asked(), []);
            assert_eq!(service().bulkhead_queue_depth(), Some(0));
            let next = Script::new([Answer(3)]);
            assert_eq!(call(&next).await, Ok(3), "its place in the queue is free");
            assert_eq!(next.asked(), [ms(400)]);
        });
        assert_eq!(first, Ok(1));
        assert_eq!(stats().in_flight(), 0);
        assert_eq!(registry().concurrent_retries(), 0);
    })
    .await;
}

/// Granted and dropped before it is polled: the slot must go to the next call.
#[tokio::test(start_paused = true)]
async fn a_permit_that_was_granted_to_a_dropped_call_goes_to_the_next() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '5s'\nbulkhead = { max_concurrent = 1, max_queue = 5, max_wait = '9s' }");
        let next = Script::new([Answer(3)]);
        let holder = tokio::spawn(testing::inherit(ask(slow(100, Answer(1)))));
        tokio::task::yield_now().await;
        let mut dropped = Box::pin(ask(Answer(2)));
        assert!(futures::poll!(dropped.as_mut()).is_pending());
        let mut last = Box::pin(call(&next));
        assert!(futures::poll!(last.as_mut()).is_pending());
        assert_eq!(holder.await.unwrap(), Ok(1));
        assert_eq!(service().bulkhead_queue_depth(), Some(1), "the first of the two has been admitted");
        drop(dropped);
        assert_eq!(last.await, Ok(3));
        assert_eq!(next.asked(), [ms(100)]);
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}
