//! Calls with one key at one time.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_with_one_key_run_the_body_once() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Ok(1)], 50);
        let calls = (0..1_000).map(|_| get("a", &from));
        let answers = join_all(calls).await;
        assert!(answers.iter().all(|answer| *answer == Ok(1)));
        assert_eq!((answers.len(), from.asked.get()), (1_000, 1));
        assert_eq!((stats().cache_hits(), stats().started()), (999, 1_000));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn different_keys_do_not_wait_for_each_other() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let (slow, fast) = (Dependency::new([Ok(1)], 50), Dependency::new([Ok(2)], 0));
        let (first, second) = tokio::join!(get("a", &slow), timeout(MS, get("b", &fast)));
        assert_eq!((first, second), (Ok(1), Ok(Ok(2))));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_the_leader_is_dropped_a_follower_takes_over() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Ok(1)], 50);
        let leader = timeout(20 * MS, get("a", &from));
        let followers = join_all((0..10).map(|_| get("a", &from)));
        let (leader, followers) = tokio::join!(leader, followers);
        assert!(leader.is_err());
        assert!(followers.iter().all(|answer| *answer == Ok(1)));
        assert_eq!(from.asked.get(), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_a_leader_fails_two_followers_try_and_the_first_answer_is_for_all() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Err(Fault::Down), Ok(1), Ok(2)], 50);
        let answers = join_all((0..100).map(|_| get("a", &from))).await;
        assert_eq!(answers[0], Err(Fault::Down));
        assert_eq!((&answers[1], &answers[2]), (&Ok(1), &Ok(2)), "those who lead have their own answer");
        assert!(answers[3..].iter().all(|answer| *answer == Ok(1)));
        assert_eq!(from.asked.get(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_thousand_followers_of_a_dead_service_are_told_in_ten_rounds() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        registry().service("svc").unwrap().force_closed();
        let from = Dependency::new([], 50);
        let start = tokio::time::Instant::now();
        let answers = join_all((0..1_000).map(|_| get("a", &from))).await;
        assert!(answers.iter().all(|answer| *answer == Err(Fault::Down)));
        assert!(start.elapsed() <= 11 * 50 * MS, "{:?}", start.elapsed());
        assert_eq!(from.asked.get(), 1_000);
        // And nothing of the flight is left: the next call is made, and answers.
        let back = Dependency::new([Ok(1)], 0);
        assert_eq!(get("a", &back).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_serves_the_others_while_one_fetches() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 100));
        let from = Dependency::new([Ok(1)], 0);
        assert_eq!(get("a", &from).await, Ok(1));
        advance(20 * SECOND).await;
        let slow = Dependency::new([Ok(2)], 50);
        let others = async {
            sleep(MS).await;
            answered_by(get("a", &slow)).await
        };
        let (first, second) = tokio::join!(get("a", &slow), timeout(3 * MS, others));
        assert_eq!(first, Ok(2));
        assert_eq!(second, Ok((Ok(1), Answered::Cache { stale: true })));
        assert_eq!(slow.asked.get(), 1);
        // A fetch that fails is answered with the stale value as well.
        advance(20 * SECOND).await;
        let down = Dependency::new([], 0);
        assert_eq!(answered_by(get("a", &down)).await, (Ok(2), Answered::Cache { stale: true }));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_follower_waits_no_longer_than_its_deadline() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let (from, never) = (Dependency::new([Ok(1)], 1_500), Dependency::new([Ok(9)], 0));
        let follower = async {
            sleep(MS).await;
            set(|policy| {
                policy.cache = Some(cache(CacheMode::ReadThrough, 10, 0));
                policy.deadline = Some(SECOND);
            });
            let start = tokio::time::Instant::now();
            (get("a", &never).await, start.elapsed())
        };
        let (led, (late, waited)) = tokio::join!(get("a", &from), follower);
        assert_eq!((led, late), (Ok(1), Err(Fault::Rejected(RejectionKind::DeadlineExceeded))));
        assert!((SECOND..=SECOND + 2 * MS).contains(&waited), "{waited:?}");
        assert_eq!(never.asked.get(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_follower_that_is_dropped_is_one_cancelled_call() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Ok(1)], 50);
        let (leader, follower) = tokio::join!(get("a", &from), timeout(10 * MS, get("a", &from)));
        assert_eq!((leader, follower.is_err()), (Ok(1), true));
        assert_eq!((stats().calls(CallOutcome::Cancelled), stats().in_flight()), (1, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_inside_its_own_call_does_not_wait_for_itself() {
    async fn nested(depth: u32) -> Result<u32, Fault> {
        let mut call = SITE.enter();
        let mut lookup = call.lookup(());
        if let Some(hit) = lookup.ahead(&mut call).await {
            return Ok(hit);
        }
        let body = async {
            match depth {
                0 => Ok(7),
                _ => Box::pin(nested(depth - 1)).await,
            }
        };
        let attempt =
            call.attempt(body, |error| support::classify!(error), support::KeepErrors, support::convert);
        let outcome = match attempt.await {
            ControlFlow::Break(outcome) => outcome,
            ControlFlow::Continue(()) => panic!("one attempt is all there is"),
        };
        lookup.learn(&call, &outcome);
        outcome
    }
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        assert_eq!(timeout(SECOND, nested(2)).await, Ok(Ok(7)));
        assert_eq!(answered_by(nested(0)).await, (Ok(7), Answered::Cache { stale: false }));
        assert_eq!(stats().started(), 2);
    })
    .await;
}

/// All of them in one task, polled in order when woken.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|cx| {
        let mut pending = false;
        for (future, output) in &mut running {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(ready) => *output = Some(ready),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}
