//! A bulkhead under sustained overload.

use resilience_runtime::graceful_degradation;
use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};

use super::*;

/// Calls of 20 ms, one every 7 ms for that long, each in its own task; returns their outcomes.
async fn calls(for_millis: u64, body: u64) -> Vec<Result<u32, Fault>> {
    let start = Instant::now();
    let tasks = (0..for_millis / 7).map(|number| {
        tokio::spawn(testing::inherit(async move {
            tokio::time::sleep_until(start + ms(7 * number)).await;
            ask(slow(body, Answer(1))).await
        }))
    });
    futures::future::join_all(tasks).await.into_iter().map(|ended| ended.expect("it ends")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_permit_goes_to_those_who_can_still_use_it() {
    testing::isolated(async {
        configure("max_attempts = 1\ndeadline = '50ms'\nbreaker = 'off'\nbulkhead = { max_concurrent = 1 }");
        let outcomes = calls(20_000, 20).await;
        assert_eq!(outcomes.len(), 2_857);
        let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(served >= 950, "{served} of 1,000 that one permit can serve");
        let (done, cut_off) =
            (stats().attempts(AttemptOutcome::Success), stats().attempts(AttemptOutcome::Abandoned));
        assert_eq!(done, served as u64);
        assert!(cut_off * 50 <= done, "{cut_off} bodies were started for nothing");
        let refused = stats().rejections(RejectionKind::WouldMissDeadline);
        assert!(refused >= 1_500, "{refused} were told at once");
        assert_eq!((service().bulkhead_in_flight(), service().bulkhead_queue_depth()), (Some(0), Some(0)));
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}

/// Five bodies of 20 ms that end while somebody waits.
async fn learn() {
    let outcomes = at_once(6, slow(20, Answer(1))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

const SETTINGS: &str = "max_attempts = 3\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '5ms'\nbreaker = 'off'\nattempt_timeout = 'off'\nbulkhead = { max_concurrent = 1, max_wait = '9s' }";

#[comprehensive_retry("svc", deadline = "35ms", attempt_timeout = off)]
async fn short(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn who_would_miss_its_deadline_is_told_when_the_permit_goes_to_another() {
    testing::isolated(async {
        configure(SETTINGS);
        learn().await;
        let (start, script, last) = (Instant::now(), Script::new([Answer(1)]), Script::new([Answer(2)]));
        let (_, (refused, after), last_outcome) = tokio::join!(
            ask(slow(20, Answer(1))),
            async { (short(&script).await, start.elapsed()) },
            call(&last)
        );
        assert_eq!(rejected(&refused), Some(RejectionKind::WouldMissDeadline));
        assert_eq!((after, script.asked()), (ms(20), vec![]));
        assert_eq!((last_outcome, last.asked()), (Ok(2), vec![ms(20)]));
        assert_eq!(stats().endings(Ending::WouldMissDeadline), 1);
        assert_eq!(stats().calls(CallOutcome::Rejected(RejectionKind::WouldMissDeadline)), 1);
        let Err(Fault::Rejected(rejection)) = refused else { panic!("{refused:?}") };
        assert!(!rejection.kind().is_timeout(), "the dependency is not to blame");
        assert_eq!(rejection.kind().name(), "would_miss_deadline");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_would_miss_its_deadline_ends_with_the_real_error() {
    testing::isolated(async {
        configure(SETTINGS);
        learn().await;
        // It fails at once, and its retry waits behind the other.
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        let (outcome, _, _) =
            tokio::join!(short(&script), ask(slow(25, Answer(1))), ask(slow(25, Answer(1))));
        assert_eq!(outcome, Err(Fault::Down));
        assert_eq!(script.asked().len(), 1);
        assert_eq!(stats().endings(Ending::WouldMissDeadline), 1);
        assert_eq!(stats().rejections(RejectionKind::WouldMissDeadline), 0);
    })
    .await;
}

#[graceful_degradation("svc", deadline = "35ms", static_response = 7)]
async fn stood_in_for(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_answers_for_who_would_miss_its_deadline() {
    testing::isolated(async {
        configure(SETTINGS);
        learn().await;
        let script = Script::new([Answer(1)]);
        let (_, answer, last) =
            tokio::join!(ask(slow(20, Answer(1))), stood_in_for(&script), ask(slow(1, Answer(2))));
        assert_eq!((answer, last), (Ok(7), Ok(2)));
        assert_eq!(stats().endings(Ending::WouldMissDeadline), 1);
    })
    .await;
}

#[comprehensive_retry("svc", deadline = "30ms", attempt_timeout = off)]
async fn until_its_deadline(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", attempt_timeout = "30ms", max_attempts = 1)]
async fn until_its_timeout(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Holds the slot for 30 ms and does not end by itself.
async fn is_cut_off(how: &str) {
    let hangs = Script::new([Hang]);
    match how {
        "deadline" => drop(until_its_deadline(&hangs).await),
        "timeout" => drop(until_its_timeout(&hangs).await),
        "drop" => drop(tokio::time::timeout(ms(30), call(&hangs)).await),
        _ => drop(tokio::spawn(testing::inherit(ask(slow(30, Step::Panic)))).await),
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_off_counts_with_its_age() {
    for how in ["deadline", "timeout", "drop", "panic"] {
        // Including the one that ends at the moment of the decision.
        for (bodies, expected) in [(3, None), (4, Some(RejectionKind::WouldMissDeadline))] {
            testing::isolated(async {
                configure(SETTINGS);
                for _ in 0..bodies {
                    let ((), waiter) = tokio::join!(is_cut_off(how), async {
                        tokio::time::sleep(ms(1)).await;
                        ask(Answer(1)).await
                    });
                    assert_eq!(waiter, Ok(1));
                }
                let script = Script::new([Answer(1)]);
                let (_, outcome, _) = tokio::join!(ask(slow(6, Answer(1))), short(&script), ask(Answer(1)));
                // It has 29 ms left.
                assert_eq!(rejected(&outcome), expected, "{how}, {bodies} bodies");
            })
            .await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_gives_its_permit_back_before_its_body_is_no_body() {
    testing::isolated(async {
        let breaker = "breaker = { consecutive_failures = 1, open_for = '10s' }";
        configure(&SETTINGS.replace("breaker = 'off'", breaker));
        learn().await;
        // The breaker opens while all of them wait: each gets its slot, is rejected, and passes the slot on.
        let mut steps = vec![slow(20, Fail(Fault::Down))];
        steps.resize(41, Answer(1));
        let _ = futures::future::join_all(steps.into_iter().map(ask)).await;
        assert_eq!(stats().rejections(RejectionKind::CircuitOpen), 40);
        service().reset_breaker();
        let script = Script::new([Answer(1)]);
        let (_, outcome, _) = tokio::join!(ask(slow(20, Answer(1))), short(&script), ask(Answer(1)));
        assert_eq!(rejected(&outcome), Some(RejectionKind::WouldMissDeadline));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_makes_room_for_who_matters_more() {
    testing::isolated(async {
        configure("max_attempts = 1\nbulkhead = { max_concurrent = 1, max_queue = 2, max_wait = '9s' }");
        let start = Instant::now();
        let at = |millis, priority| async move {
            tokio::time::sleep(ms(millis)).await;
            let outcome = with_priority(priority, ask(slow(10, Answer(1)))).await;
            (rejected(&outcome), start.elapsed())
        };
        let (_, first, second, critical, low) = tokio::join!(
            ask(slow(100, Answer(1))),
            at(1, Priority::Low),
            at(2, Priority::Low),
            at(50, Priority::Critical),
            at(60, Priority::Low),
        );
        let full = Some(RejectionKind::BulkheadFull);
        assert_eq!((first, second, critical), ((None, ms(120)), (full, ms(50)), (None, ms(110))));
        assert_eq!(low, (full, ms(60)));
        assert_eq!(stats().rejections(RejectionKind::BulkheadFull), 2);
        assert_eq!((service().bulkhead_in_flight(), service().bulkhead_queue_depth()), (Some(0), Some(0)));
    })
    .await;
}

#[comprehensive_retry(
    "svc",
    priority = High,
    idempotent = true,
    max_attempts = 1,
    hedge(after = "10ms", max = 1)
)]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_finds_no_permit_takes_nobody_s_place_in_the_queue() {
    testing::isolated(async {
        configure("bulkhead = { max_concurrent = 1, max_queue = 1, max_wait = '9s' }");
        let (script, low) = (Script::new([slow(50, Answer(1))]), Script::new([Answer(2)]));
        let outcomes = tokio::join!(hedged(&script), with_priority(Priority::Low, call(&low)));
        assert_eq!(outcomes, (Ok(1), Ok(2)));
        assert_eq!((script.asked(), low.asked()), (vec![ms(0)], vec![ms(50)]));
    })
    .await;
}
