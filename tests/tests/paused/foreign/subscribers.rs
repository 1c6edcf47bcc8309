//! A subscriber of `tracing` that panics.

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{comprehensive_retry, testing};
use tracing::subscriber::set_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::{burn, panics, play};
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, call, configure, ms, service, slow, stats};

/// Panics in an event of this library when its turn has come.
struct Grumpy;

impl<S: Subscriber> Layer<S> for Grumpy {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("resilience::") {
            burn();
        }
    }
}

#[comprehensive_retry("svc", cache(ttl = "1m", stale_for = "1m", key = 7), static_response = 9)]
async fn degraded(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", idempotent = true, hedge(after = "5ms", max = 2))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Makes consecutive calls; returns how many panicked.
async fn calls(scripts: impl IntoIterator<Item = Vec<Step>>, is_hedged: bool) -> u64 {
    let mut panicked = 0;
    for steps in scripts {
        let what = format!("{steps:?}");
        let body = async move {
            let script = Script::new(steps);
            let _ = if is_hedged { hedged(&script).await } else { call(&script).await };
        };
        panicked += u64::from(panics(body).await);
        assert_eq!(
            stats().started(),
            stats().ended(),
            "{what} {:?} {:?}",
            service().breaker_state(),
            stats()
        );
        tokio::time::sleep(ms(20)).await;
    }
    panicked
}

const ONE_PERMIT: &str = "bulkhead = { max_concurrent = 1, max_queue = 9, max_wait = '1s' }";
const MANY_PERMITS: &str = "bulkhead = { max_concurrent = 100 }";

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_panics_costs_nothing_but_its_call() {
    let _grumpy = set_default(Registry::default().with(Grumpy));
    for bulkhead in [ONE_PERMIT, MANY_PERMITS] {
        for delay in ["base_delay = 0", "base_delay = '1ms'"] {
            for is_hedged in [false, true] {
                let settings = format!(
                    "max_attempts = 3\n{delay}\nattempt_timeout = '30ms'\n{bulkhead}\n\
                     breaker = {{ consecutive_failures = 2, open_for = '10ms', half_open_calls = 1, success_threshold = 2 }}"
                );
                let scripts = || {
                    [
                        vec![Fail(Fault::Down), Answer(1)],
                        vec![Fail(Fault::Down)],
                        vec![Answer(2)],
                        vec![slow(1, Fail(Fault::Down)), Answer(3)],
                        vec![Answer(4)],
                        vec![Hang],
                        vec![Step::Panic],
                        vec![Answer(5)],
                        vec![slow(9, Answer(6))],
                        vec![Fail(Fault::Wrong)],
                    ]
                };
                play("breaker and retries", &settings, async || {
                    let panicked = calls(scripts(), is_hedged).await;
                    // Every attempt that began has ended once.
                    let ended = stats().attempts_ended();
                    let of = |outcome| stats().attempts(outcome);
                    let sum: u64 = AttemptOutcome::ALL.iter().map(|&outcome| of(outcome)).sum();
                    assert_eq!(ended, sum);
                    panicked
                })
                .await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_told_while_an_open_breaker_turns_calls_away_may_panic() {
    let _grumpy = set_default(Registry::default().with(Grumpy));
    let settings = "max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '1m' }";
    play("an open breaker", settings, async || {
        let first = calls([vec![Fail(Fault::Down)]], false).await;
        assert!(service().breaker_state().is_open());
        first + calls([vec![Answer(1)], vec![Answer(1)]], false).await
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_told_of_fallbacks_may_panic() {
    let _grumpy = set_default(Registry::default().with(Grumpy));
    let settings = "max_attempts = 2\nbase_delay = 0\nbreaker = 'off'";
    play("fallbacks", settings, async || {
        let mut panicked = 0;
        for steps in [vec![Fail(Fault::Down)], vec![Answer(1)], vec![Fail(Fault::Down)]] {
            let before = stats().ended();
            let body = async move {
                let _ = degraded(&Script::new(steps)).await;
            };
            let has_panicked = panics(body).await;
            assert_eq!(stats().ended(), before + 1);
            let counted = stats().calls(resilience_runtime::monitor::CallOutcome::Panicked);
            // Degraded answers come after the end of the call: that has been counted by then.
            assert!(counted == panicked || has_panicked && counted == panicked + 1);
            panicked = counted;
        }
        panicked
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_deposit_is_made_once_and_a_token_spent_once_whoever_panics() {
    let _grumpy = set_default(Registry::default().with(Grumpy));
    for delay in ["0", "'1ms'"] {
        let settings = format!(
            "max_attempts = 2\nbase_delay = {delay}\nbreaker = 'off'\n\
             budget = {{ ratio = 0.25, min_per_second = 0, burst_capacity = 2, deposit = 'call' }}"
        );
        play("the budget", &settings, async || {
            let before = service().budget_tokens().expect("it is on");
            assert!((before - 2.0).abs() < 1e-6, "full");
            let mut panicked = 0;
            let mut tokens = before;
            for steps in
                [vec![Fail(Fault::Down), Answer(1)], vec![Fail(Fault::Down)], vec![Fail(Fault::Wrong)]]
            {
                let begun = stats().attempts_ended();
                panicked += calls([steps], false).await;
                let retries = stats().attempts_ended() - begun - 1;
                tokens = (tokens + 0.25).min(2.0);
                tokens -= f64::from(u8::try_from(retries).expect("few"));
                let left = service().budget_tokens().expect("it is on");
                assert!((left - tokens).abs() < 1e-6, "{left} tokens are left instead of {tokens}");
            }
            panicked
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_may_panic_while_a_panic_of_the_body_unwinds() {
    // Without the fuse, which does not panic while another panic unwinds.
    struct Always;
    impl<S: Subscriber> Layer<S> for Always {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            assert!(event.metadata().target() != "resilience::breaker", "always");
        }
    }
    let _always = set_default(Registry::default().with(Always));
    testing::isolated(async {
        configure(
            "max_attempts = 1\nbreaker = { consecutive_failures = 1 }\nbulkhead = { max_concurrent = 20 }",
        );
        assert!(
            panics(async {
                let _ = call(&Script::new([Step::Panic])).await;
            })
            .await
        );
        assert!(service().breaker_state().is_open());
        assert_eq!((stats().in_flight(), service().bulkhead_in_flight()), (0, Some(0)));
    })
    .await;
}
