//! The rate limit and the throttle through the attributes.

use resilience_runtime::{RejectionKind, registry, testing};
use tokio::time::Instant;

use crate::script::{
    Answer, Fail, Fault, Hang, Script, ask, call, configure, ms, rejected, secs, service, stats,
};

#[tokio::test(start_paused = true)]
async fn so_many_at_once_then_evenly_and_the_rest_learns_when_to_come_back() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 10, burst = 3 }");
        for _ in 0..3 {
            assert_eq!(ask(Answer(1)).await, Ok(1));
        }
        let Err(Fault::Rejected(rejection)) = ask(Answer(1)).await else { panic!("the burst is used up") };
        assert_eq!(rejection.kind(), RejectionKind::RateLimited);
        assert_eq!(rejection.retry_after(), Some(ms(100)));
        tokio::time::sleep(ms(100)).await;
        assert_eq!(ask(Answer(1)).await, Ok(1));
        assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::RateLimited));
        tokio::time::sleep(secs(60)).await;
        for place in 0..5 {
            assert_eq!(
                ask(Answer(1)).await.is_ok(),
                place < 3,
                "a long pause saves up no more than the burst"
            );
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_may_wait_gets_a_turn_in_the_order_of_coming() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 10, burst = 1, max_wait = '300ms' }");
        let script = Script::new([Answer(1)]);
        let start = Instant::now();
        let calls = (0..6).map(|_| async { (call(&script).await, start.elapsed()) });
        let ended = futures::future::join_all(calls).await;
        assert_eq!(script.asked(), [ms(0), ms(100), ms(200), ms(300)]);
        for (place, (outcome, after)) in ended.iter().enumerate() {
            if place < 4 {
                assert_eq!((outcome, *after), (&Ok(1), ms(100 * place as u64)));
            } else {
                assert_eq!((rejected(outcome), *after), (Some(RejectionKind::RateLimited), ms(0)));
            }
        }
        assert_eq!(stats().rejections(RejectionKind::RateLimited), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_turn_beyond_the_deadline() {
    testing::isolated(async {
        configure("max_attempts = 1\ndeadline = '150ms'\nattempt_timeout = '150ms'\nrate_limit = { per_second = 10, burst = 1, max_wait = '9s' }");
        let start = Instant::now();
        let calls = (0..3).map(|_| ask(Answer(1)));
        let outcomes = futures::future::join_all(calls).await;
        assert_eq!(outcomes[..2], [Ok(1), Ok(1)]);
        assert_eq!(rejected(&outcomes[2]), Some(RejectionKind::RateLimited), "and it says so at once");
        assert!(start.elapsed() <= ms(101), "{:?}", start.elapsed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn retries_take_turns_too_and_the_breaker_is_asked_again_after_the_wait() {
    testing::isolated(async {
        configure(
            "max_attempts = 3\nbase_delay = 0\nrate_limit = { per_second = 10, burst = 1, max_wait = '9s' }",
        );
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(1)]);
        assert_eq!(call(&script).await, Ok(1));
        assert_eq!(script.asked(), [ms(0), ms(100), ms(200)]);

        tokio::time::sleep(secs(1)).await;
        assert_eq!(ask(Answer(1)).await, Ok(1));
        let waiting = Script::new([Answer(1)]);
        let (outcome, ()) = tokio::join!(call(&waiting), async {
            tokio::time::sleep(ms(50)).await;
            service().force_open();
        });
        assert_eq!(rejected(&outcome), Some(RejectionKind::CircuitOpen));
        assert_eq!(waiting.asked(), []);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lower_rate_holds_at_once_and_a_reload_sets_nobody_free() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 10, burst = 2 }");
        for _ in 0..2 {
            assert_eq!(ask(Answer(1)).await, Ok(1));
        }
        configure("max_attempts = 1\nrate_limit = { per_second = 1, burst = 2 }");
        assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::RateLimited));
        tokio::time::sleep(ms(999)).await;
        assert!(ask(Answer(1)).await.is_err());
        tokio::time::sleep(ms(1)).await;
        assert_eq!(ask(Answer(1)).await, Ok(1));
        configure("max_attempts = 1");
        for _ in 0..20 {
            assert_eq!(ask(Answer(1)).await, Ok(1), "no limit any more");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_turn_counts_however_the_attempt_ends() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '5ms'\nbreaker = 'off'\nrate_limit = { per_second = 10, burst = 3 }");
        assert_eq!(ask(Fail(Fault::Wrong)).await, Err(Fault::Wrong));
        assert_eq!(rejected(&ask(Hang).await), Some(RejectionKind::AttemptTimeout));
        assert!(tokio::time::timeout(ms(1), ask(Hang)).await.is_err());
        assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::RateLimited));
    })
    .await;
}

/// Makes that many calls, this far apart; returns how many were sent.
async fn sent(calls: u32, apart: u64, step: crate::script::Step) -> usize {
    let script = Script::new([step]);
    for _ in 0..calls {
        let _ = call(&script).await;
        tokio::time::sleep(ms(apart)).await;
    }
    script.asked().len()
}

const THROTTLED: &str = "max_attempts = 1\nthrottle = { k = 2, window = '30s' }";

#[tokio::test(start_paused = true)]
async fn a_service_that_turns_everything_away_is_asked_less_and_less_and_comes_back() {
    testing::isolated(async {
        testing::seed(5);
        configure(THROTTLED);
        assert_eq!(sent(200, 10, Answer(1)).await, 200, "what is accepted is let through");
        tokio::time::sleep(secs(40)).await;
        let turned_away = sent(1_000, 10, Fail(Fault::Busy { wait: None })).await;
        assert!((3..60).contains(&turned_away), "{turned_away} of 1000");
        assert_eq!(
            usize::try_from(stats().rejections(RejectionKind::Throttled)).unwrap(),
            1_000 - turned_away
        );
        assert!(service().throttle_probability() > Some(0.9));
        // The service has recovered: the few requests that are sent are accepted, which raises the share.
        tokio::time::sleep(secs(40)).await;
        assert_eq!(sent(100, 10, Answer(1)).await, 100);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_load_that_is_sent_settles_at_k_times_what_is_accepted() {
    testing::isolated(async {
        testing::seed(9);
        configure(THROTTLED);
        // The service accepts ten requests per second, and a hundred are offered.
        let (mut sent, mut accepted) = (0, 0);
        for second in 0..90 {
            let mut room = 10;
            for _ in 0..100 {
                let step = if room > 0 { Answer(1) } else { Fail(Fault::Busy { wait: None }) };
                let script = Script::new([step]);
                let is_ok = call(&script).await.is_ok();
                if !script.asked().is_empty() {
                    room -= u32::from(is_ok);
                    if second >= 60 {
                        sent += 1;
                        accepted += u32::from(is_ok);
                    }
                }
                tokio::time::sleep(ms(10)).await;
            }
        }
        assert_eq!(accepted, 300, "the service gets as much as it can do");
        assert!((540..=690).contains(&sent), "{sent} sent, {accepted} accepted");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_no_is_an_answer() {
    testing::isolated(async {
        configure(THROTTLED);
        assert_eq!(sent(200, 10, Fail(Fault::Wrong)).await, 200);
        assert_eq!(service().throttle_probability(), Some(0.0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_holds_nothing() {
    testing::isolated(async {
        testing::seed(3);
        configure(&format!(
            "{THROTTLED}\nbulkhead.max_concurrent = 2\nrate_limit = {{ per_second = 1000, burst = 1 }}"
        ));
        sent(300, 10, Fail(Fault::Busy { wait: None })).await;
        assert!(stats().rejections(RejectionKind::Throttled) > 100);
        assert_eq!(service().bulkhead_in_flight(), Some(0));
        assert_eq!((stats().in_flight(), registry().concurrent_retries()), (0, 0));
        assert_eq!(stats().rejections(RejectionKind::RateLimited), 0, "it takes no turn either");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_follows_a_new_rate() {
    for (new, expected) in [
        ("rate_limit = { per_second = 20, burst = 1, max_wait = '1s' }", [0, 75, 125]),
        ("rate_limit = { per_second = 5, burst = 1, max_wait = '1s' }", [0, 150, 350]),
        ("rate_limit = { per_second = 10, burst = 2, max_wait = '1s' }", [0, 50, 100]),
        ("rate_limit = 'off'", [0, 50, 50]),
    ] {
        testing::isolated(async {
            configure("max_attempts = 1\nrate_limit = { per_second = 10, burst = 1, max_wait = '1s' }");
            let script = Script::new([Answer(1)]);
            let reload = async {
                tokio::time::sleep(ms(50)).await;
                configure(&format!("max_attempts = 1\n{new}"));
            };
            let outcomes = tokio::join!(call(&script), call(&script), call(&script), reload);
            assert_eq!((outcomes.0, outcomes.1, outcomes.2), (Ok(1), Ok(1), Ok(1)));
            assert_eq!(script.asked(), expected.map(ms), "{new}");
        })
        .await;
    }
}
