//! Calls with different settings at each of them: they are fast, leave nothing behind, and keep to their deadlines.

use std::time::{Duration, Instant};

use resilience_runtime::{Classify, Deadline, Rejection, Resilient, ServiceKind, inventory, resilient_call};

#[tokio::test]
async fn a_hundred_thousand_deadlines_take_no_time_and_leave_nothing() {
    const CALLS: u32 = 100_000;
    let handle = Resilient::service("many_deadlines").max_attempts(3).build();
    let deadline = |round: u32| Duration::from_secs(3) + Duration::from_nanos(round.into());
    let call = |round| {
        let handle = &handle;
        async move {
            let ready = || async { Ok::<_, String>(round) };
            assert_eq!(handle.call(ready).deadline(deadline(round)).await, Ok(round));
            let short = resilient_call("many_deadlines", ServiceKind::Generic, ready);
            assert_eq!(short.deadline(deadline(round)).await, Ok(round));
        }
    };
    call(0).await;
    let sites = || inventory().iter().filter(|site| site.service() == "many_deadlines").count();
    assert_eq!(sites(), 2);
    let began = Instant::now();
    for round in 0..CALLS {
        call(round).await;
    }
    // A site for each call would take minutes; this is about 2 µs per call, unoptimised.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(sites(), 2);
}

#[derive(Debug, thiserror::Error, Classify)]
enum Fault {
    #[error("down")]
    #[retry]
    Down,
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// A policy without time limits reads the clock no more often than it must; a deadline at the call is kept all the same.
#[tokio::test]
async fn no_attempt_begins_after_the_deadline_of_a_call() {
    let handle = Resilient::service("late_attempts")
        .max_attempts(100)
        .base_delay(Duration::ZERO)
        .breaker(false)
        .budget(false)
        .attempt_timeout(None)
        .deadline(None)
        .build();
    for _ in 0..10 {
        let mut asked = 0;
        let call = handle.call(|| {
            asked += 1;
            std::thread::sleep(Duration::from_millis(10));
            async { Err::<(), _>(Fault::Down) }
        });
        let outcome = call.deadline(Duration::from_millis(45)).await;
        assert!(outcome.is_err(), "{outcome:?}");
        assert!(asked <= 5, "{asked} attempts of 10 ms each");
    }
}

/// A time from now is kept by the clock of the program, a moment by that of the system: both pass while the call is not polled.
#[tokio::test]
async fn a_deadline_passes_before_the_first_poll_too() {
    let handle = Resilient::service("early_deadlines").max_attempts(3).build();
    let time = Duration::from_millis(20);
    for _ in 0..3 {
        for deadline in [
            Deadline::from(time),
            (Instant::now() + time).into(),
            (tokio::time::Instant::now() + time).into(),
        ] {
            let mut asked = 0;
            let call = handle.call(|| {
                asked += 1;
                async { Ok::<_, Fault>(1) }
            });
            let call = call.deadline(deadline);
            std::thread::sleep(time * 2);
            let outcome = call.await;
            let is_late =
                matches!(&outcome, Err(Fault::Rejected(rejection)) if rejection.kind().is_timeout());
            assert!(is_late && asked == 0, "{outcome:?} after {asked} attempts");
        }
    }
}

#[tokio::test]
async fn a_deadline_beyond_the_range_of_clocks_never_comes() {
    let handle = Resilient::service("endless_deadlines").build();
    for _ in 0..3 {
        let call = handle.call(|| async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok::<_, Fault>(1)
        });
        assert_eq!(call.deadline(Duration::MAX).await.expect("it has all the time"), 1);
    }
}
