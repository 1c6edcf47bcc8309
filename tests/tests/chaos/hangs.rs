//! Attempts that hang: what ends them, and what is counted of them.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt as _;
use resilience_runtime::monitor::CallerOutcome;
use resilience_runtime::testing::expect::Happening;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{comprehensive_retry, registry};
use tokio::time::{Instant, sleep};

use crate::snapshot;

#[comprehensive_retry("hung", max_attempts = 1, breaker = off, attempt_timeout = off, deadline = off)]
async fn ask() -> Result<u64, io::Error> {
    Ok(7)
}

#[comprehensive_retry("hung", max_attempts = 2, base_delay = "1s", jitter = 0, breaker = off, attempt_timeout = "5s")]
async fn in_time() -> Result<u64, io::Error> {
    Ok(7)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A rule whose attempts hang, and a call that does.
async fn hanging(rule: chaos::RuleBuilder) -> (chaos::ArmedRule, tokio::task::JoinHandle<io::Result<u64>>) {
    let armed = rule.arm();
    let call = tokio::spawn(testing::inherit(ask()));
    sleep(secs(60)).await;
    assert!(!call.is_finished());
    assert_eq!(armed.injected(), 1);
    (armed, call)
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_an_attempt_ends_its_hang() {
    testing::isolated(async {
        let hang = chaos::rule("hung").named("hang").hang().count(1).arm();
        let began = Instant::now();
        assert_eq!(in_time().await.expect("the second attempt"), 7);
        assert_eq!((began.elapsed(), hang.injected(), hang.is_armed()), (secs(6), 1, false));
        assert_eq!(snapshot("hung").injections.get("hang"), 1);
        testing::expect("hung").times(1, Happening::TimesOut).retries(1).succeeds();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_can_be_dropped_and_was_hit_once() {
    testing::isolated(async {
        let hang = chaos::rule("hung").hang().arm();
        assert!(tokio::time::timeout(secs(3_600), ask()).await.is_err());
        // Polled again and again, it is hit no more often.
        {
            let mut call = pin!(ask());
            poll_fn(|cx| {
                for _ in 0..10 {
                    assert!(call.poll_unpin(cx).is_pending());
                }
                Poll::Ready(())
            })
            .await;
        }
        let stats = registry().service("hung").expect("it was called").stats();
        assert_eq!((hang.injected(), stats.outcomes(CallerOutcome::Cancelled)), (2, 2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_goes_on_when_its_rule_is_disarmed() {
    testing::isolated(async {
        let (rule, call) = hanging(chaos::rule("hung").hang()).await;
        drop(rule);
        assert_eq!(call.await.expect("it ends").expect("its body runs"), 7);
        assert_eq!(
            registry().service("hung").expect("it was called").stats().outcomes(CallerOutcome::Success),
            1
        );

        // Also where the rule is used up, and where another has taken its place.
        let (rule, call) = hanging(chaos::rule("hung").hang().count(1)).await;
        assert!(!rule.is_armed());
        drop(rule);
        assert_eq!(call.await.expect("it ends").expect("its body runs"), 7);

        let (_rule, call) = hanging(chaos::rule("hung").named("same").hang()).await;
        let _same = chaos::rule("hung").named("same").io_error(ErrorKind::TimedOut).arm();
        assert_eq!(call.await.expect("it ends").expect("its body runs, and is not hit again"), 7);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_goes_on_when_its_rule_expires() {
    testing::isolated(async {
        let began = Instant::now();
        let (rule, call) = hanging(chaos::rule("hung").hang().count(1).expires_after("1h")).await;
        assert_eq!(call.await.expect("it ends").expect("its body runs"), 7);
        assert_eq!((began.elapsed(), rule.injected()), (secs(3_600), 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_by_a_script_goes_on_when_it_is_stopped() {
    testing::isolated(async {
        let script = testing::script("hung").hang().times(2);
        let calls = [(); 2].map(|()| tokio::spawn(testing::inherit(ask())));
        sleep(secs(60)).await;
        script.assert_done();
        assert!(calls.iter().all(|call| !call.is_finished()));
        script.stop();
        for call in calls {
            assert_eq!(call.await.expect("it ends").expect("its body runs"), 7);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_ok_comes_after_a_delay_and_a_call_dropped_meanwhile_uses_up_nothing() {
    testing::isolated(async {
        let wrong =
            chaos::rule("hung").latency("10s").change_ok(|answer: &mut u64| *answer = 0).count(1).arm();
        assert!(tokio::time::timeout(secs(5), ask()).await.is_err());
        assert!(wrong.is_armed() && wrong.injected() == 0);
        assert_eq!(ask().await.expect("only wrong"), 0);
        assert!(!wrong.is_armed() && wrong.injected() == 1);
    })
    .await;
}
