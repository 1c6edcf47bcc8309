//! All paths of a call through the engine, fast or with full state from the start, have the same observable results;
//! also when the breaker changes while an attempt waits.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{comprehensive_retry, registry, testing};

use crate::script::{
    Answer, Fail, Fault, Script, Step, call, configure, ms, others_fail, service, slow, stats,
};

/// The first call of a thread makes room for what it counts, and does not go straight.
async fn warm_up() {
    assert_eq!(call(&Script::new([Answer(0)])).await, Ok(0));
}

/// An attempt fails after others have opened the breaker and its break has ended.
#[tokio::test(start_paused = true)]
async fn no_permit_is_lost_when_the_breaker_opens_while_a_retry_waits_in_its_body() {
    for attempt in 0..3 {
        testing::isolated(async move {
            configure(
                "base_delay = 0\nmax_attempts = 5\nbudget = 'off'\nbulkhead = { max_concurrent = 32 }\n\
                 breaker = { consecutive_failures = 4, open_for = '1ms', half_open_calls = 1, success_threshold = 1 }",
            );
            warm_up().await;
            for _ in 0..40 {
                let mut steps = vec![Fail(Fault::Down); attempt];
                steps.extend([slow(1, others_fail(9, slow(5, Fail(Fault::Down)))), Answer(1)]);
                let script = Script::new(steps);
                assert_eq!(call(&script).await, Ok(1));
                assert_eq!(script.asked().len(), attempt + 2);
                assert_eq!(service().bulkhead_in_flight(), Some(0), "after {attempt} attempts before it");
                assert_eq!(registry().concurrent_retries(), 0);
            }
            assert_eq!((stats().in_flight(), stats().calls(CallOutcome::Success)), (0, 41));
        })
        .await;
    }
}

#[comprehensive_retry("around", max_attempts = 1, breaker = off, budget = off, attempt_timeout = off, deadline = off)]
async fn around(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

/// What can be seen of a service after each of many calls, one after the other: some soon after the last, some a
/// minute later, when breakers let trials in.
async fn seen(settings: &'static str, is_inside: bool) -> Vec<String> {
    testing::seed(7);
    testing::isolated(async move {
        configure(settings);
        warm_up().await;
        let steps = [
            Answer(1),
            Fail(Fault::Down),
            Fail(Fault::Refused),
            Fail(Fault::Wrong),
            Fail(Fault::Busy { wait: None }),
            Fail(Fault::Busy { wait: Some(ms(7)) }),
            Fail(Fault::Ours),
            slow(5, Fail(Fault::Down)),
            slow(5, Answer(2)),
            slow(1, others_fail(9, Fail(Fault::Down))),
            slow(1, others_fail(9, slow(5, Fail(Fault::Down)))),
            slow(1, others_fail(9, slow(5, Answer(3)))),
            Step::Panic,
        ];
        let mut seen = Vec::new();
        for (count, limit) in
            (0..steps.len().pow(3)).step_by(2).zip([1_000, 1_000, 1_000, 3, 8].into_iter().cycle())
        {
            let script = Script::new([1, steps.len(), steps.len().pow(2)].map(|place| {
                let step = count / place % steps.len();
                steps[step].clone()
            }));
            let body = async move {
                let outcome = tokio::time::timeout(ms(limit), async {
                    if is_inside { around(&script).await } else { call(&script).await }
                });
                (outcome.await, script.asked())
            };
            let ended = tokio::spawn(testing::inherit(body)).await.map_err(|error| error.is_panic());
            let of = service();
            seen.push(format!(
                "{count}: {ended:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
                of.breaker_state(),
                of.retry_after(),
                of.budget_tokens(),
                of.bulkhead_in_flight(),
                of.failure_rate(),
                registry().concurrent_retries(),
                of.stats()
            ));
            tokio::time::sleep(ms(if count % 3 == 0 { 60_000 } else { 10 })).await;
        }
        seen
    })
    .await
}

/// A call that is in another one has a course of its own from the start.
#[tokio::test(start_paused = true)]
async fn whatever_way_a_call_takes_it_is_the_same_to_all_who_look() {
    for settings in [
        "base_delay = '0s'\nbreaker = 'off'\nbudget = 'off'\nattempt_timeout = 'off'\ndeadline = 'off'",
        "base_delay = '0s'\nmax_attempts = 4\nbreaker = { min_calls = 4, failure_rate = 0.5, open_for = '20s' }",
        "base_delay = '0s'\nbreaker = { consecutive_failures = 2, open_for = '20s' }\nbudget = 'off'",
        "base_delay = '0s'\nbreaker = { window = 8, min_calls = 4, failure_rate = 0.5 }\nbulkhead = { max_concurrent = 100 }",
        "base_delay = '0s'\nbreaker = 'off'\nbulkhead = { max_concurrent = 2 }\nattempt_timeout = '4ms'",
        "base_delay = '0s'\nbreaker = 'off'\ndeadline = '6ms'\nbudget = { burst_capacity = 4, deposit = 'call' }",
        "base_delay = '0s'\nbreaker = { slow_call = '3ms', slow_rate = 0.3, min_calls = 3 }\nidempotent = false",
        "base_delay = '0s'\nbulkhead = { adaptive = true }\nthrottle = { k = 2.0 }",
        "base_delay = '0s'\nbreaker = 'off'\nbudget = 'off'\nattempt_timeout = 'off'\ndeadline = 'off'\n\
         [global]\nenable_global_metrics = false",
        "base_delay = '0s'\nbreaker = { min_calls = 4, failure_rate = 0.5 }\nattempt_timeout = 'off'\n\
         deadline = 'off'\nbulkhead = { max_concurrent = 100 }\n[global]\nenable_global_metrics = false",
        "base_delay = '2ms'\njitter = 0.0\nbulkhead = { max_concurrent = 100 }",
        "base_delay = '0s'\nbreaker = { min_calls = 4, failure_rate = 0.5, open_for = '20s' }\n\
         [global]\ntracing_spans = true",
        "base_delay = '0s'\nbreaker = 'off'\nbudget = 'off'\nattempt_timeout = 'off'\ndeadline = 'off'\n\
         [global]\ntracing_spans = true\nenable_global_metrics = false",
        "base_delay = '0s'\nbreaker = { min_calls = 4, failure_rate = 0.5, open_for = '20s' }\n\
         rate_limit = { per_second = 200, burst = 3, max_wait = '20ms' }",
        "base_delay = '0s'\nbreaker = 'off'\nbudget = 'off'\nattempt_timeout = 'off'\ndeadline = 'off'\n\
         rate_limit = { per_second = 100, burst = 2 }\n[global]\nenable_global_metrics = false",
        "base_delay = '0s'\nmax_attempts = 4\nbudget = 'off'\nbulkhead = { max_concurrent = 100 }\n\
         breaker = { consecutive_failures = 4, open_for = '1ms' }",
        "base_delay = '0s'\nmax_attempts = 4\nbulkhead = { max_concurrent = 100 }\n\
         breaker = { min_calls = 3, failure_rate = 0.5, window = '1s', open_for = '1ms' }",
        "base_delay = '0s'\nmax_attempts = 4\nbulkhead = { max_concurrent = 1 }\nattempt_timeout = '4ms'\n\
         breaker = { window = 4, min_calls = 3, failure_rate = 0.5, open_for = '2ms', max_open_for = '2ms' }",
    ] {
        let (straight, inside) = (seen(settings, false).await, seen(settings, true).await);
        for (straight, inside) in straight.into_iter().zip(inside) {
            assert_eq!(straight, inside, "{settings}");
        }
    }
}
