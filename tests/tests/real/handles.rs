//! Calls with different settings at each of them: they are fast and leave nothing behind.

use std::time::{Duration, Instant};

use resilience_runtime::{Resilient, ServiceKind, inventory, resilient_call};

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
