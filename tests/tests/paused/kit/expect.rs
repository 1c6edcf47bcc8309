//! Assertions on what has happened: they find it in order and number, and say all of it when they do not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use resilience_runtime::{Priority, RejectionKind, comprehensive_retry, testing, with_priority};
use testing::expect::{Expect, Happening};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Hang, Script, ask, call, configure, ms, secs};

const STEADY: &str =
    "strategy = 'fixed'\nbase_delay = '100ms'\njitter = 0.0\nmax_attempts = 3\nattempt_timeout = '1s'";

/// What an assertion says when it fails.
fn said(expect: impl FnOnce(&mut Expect)) -> String {
    let said = catch_unwind(AssertUnwindSafe(|| expect(&mut testing::expect("svc"))));
    *said.expect_err("the assertion holds").downcast::<String>().expect("a text")
}

/// Two retries, a success, three failures of which the last opens the breaker, and a call that is turned away.
async fn a_bad_day() {
    configure(&format!("{STEADY}\nbreaker = {{ consecutive_failures = 3, open_for = '10s' }}"));
    let script = Script::new([Fail(Fault::Down), Hang, Answer(7)]);
    assert_eq!(call(&script).await, Ok(7));
    assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
    assert!(ask(Answer(7)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_happens_is_found_in_order_and_number() {
    testing::isolated(async {
        a_bad_day().await;
        testing::expect("svc")
            .calls(3)
            .attempts(6)
            .retries(4)
            .then_opens()
            .then_rejects(RejectionKind::CircuitOpen);
        testing::expect("svc").succeeds().then_fails().then_rejects(RejectionKind::CircuitOpen);
        testing::expect("svc").once(Happening::TimesOut).then_succeeds().then_retries(2).then_attempts(1);
        testing::expect("svc").opens().then_calls(1).then_attempts(0);
        testing::expect("svc").never(Happening::FallsBack).never(Happening::Closes).never(Happening::Sheds);
        sleep(secs(20)).await;
        for _ in 0..5 {
            assert_eq!(ask(Answer(7)).await, Ok(7));
        }
        testing::expect("svc").opens().then_half_opens().then_closes().then_succeeds();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_assertion_that_fails_shows_the_whole_history() {
    testing::isolated_with(7, async {
        a_bad_day().await;
        let text = said(|svc| {
            svc.calls(3).then_rejects(RejectionKind::Shed);
        });
        assert_eq!(
            text,
            "\
`svc`: expected, then a rejection (shed), found none
after: a call exactly 3 times
what happened to `svc` (random numbers from seed 7):
         0 s  of the process: config_applied
         0 s  call of `call`
         0 s  attempt 1: retryable (Fault::Down)
       0.1 s  attempt 2 begins, a retry
       1.1 s  attempt 2: timed_out
       1.2 s  attempt 3 begins, a retry
       1.2 s  attempt 3: success
       1.2 s  call ended: success
       1.2 s  call of `call`
       1.2 s  attempt 1: retryable (Fault::Down)
       1.3 s  attempt 2 begins, a retry
       1.3 s  attempt 2: retryable (Fault::Down)
       1.4 s  attempt 3 begins, a retry
       1.4 s  attempt 3: retryable (Fault::Down)
       1.4 s  breaker: closed -> open, by `consecutive_failures`, 5 failures in 6 results
       1.4 s  call ended: error
       1.4 s  call of `call`
       1.4 s  call ended: rejected (circuit_open)
"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_assertion_says_what_it_found_instead() {
    testing::isolated(async {
        let nothing = catch_unwind(|| _ = testing::expect("svc").calls(1)).expect_err("nothing");
        let nothing = *nothing.downcast::<String>().expect("a text");
        let says = "`svc`: expected a call exactly once, found 0\nnothing happened to any service (random numbers from seed 0)";
        assert_eq!(nothing, says);
        a_bad_day().await;
        let first = |text: String| text.split("\nwhat happened").next().unwrap_or_default().to_owned();
        for (expect, text) in [
            ((|svc| _ = svc.retries(2)) as fn(&mut Expect), "`svc`: expected a retry exactly 2 times, found 4"),
            (
                |svc| _ = svc.opens().then_retries(1),
                "`svc`: expected, then a retry exactly once, found 0\nafter: an opening of the breaker",
            ),
            (
                |svc| _ = svc.opens().then_succeeds(),
                "`svc`: expected, then a success, found none, the last one comes before:\n       1.2 s  call ended: \
                 success\nafter: an opening of the breaker",
            ),
            (
                |svc| _ = svc.never(Happening::Opens),
                "`svc`: expected never an opening of the breaker, found one:\n       1.4 s  breaker: closed -> open, by \
                 `consecutive_failures`, 5 failures in 6 results",
            ),
        ] {
            assert_eq!(first(said(expect)), text);
        }
        let unknown = catch_unwind(|| _ = testing::expect("svb").calls(1));
        let unknown = *unknown.expect_err("nothing").downcast::<String>().expect("a text");
        assert!(unknown.contains("nothing happened to `svb`; something did to: svc"), "{unknown}");
    })
    .await;
}

#[comprehensive_retry("near", max_attempts = 1, fallback = at_hand)]
async fn near() -> Result<u32, Fault> {
    Err(Fault::Down)
}

async fn at_hand() -> Result<u32, Fault> {
    Ok(7)
}

#[comprehensive_retry("written", max_attempts = 1, idempotency(key = "the same"))]
async fn written() -> Result<u32, Fault> {
    Ok(7)
}

#[tokio::test(start_paused = true)]
async fn what_stands_beside_attempts_is_found_too() {
    testing::isolated(async {
        assert_eq!(near().await, Ok(7));
        testing::expect("near").fails().then_falls_back().never(Happening::Succeeds);

        assert_eq!((written().await, written().await), (Ok(7), Ok(7)));
        testing::expect("written").calls(2).attempts(1).replays().then_succeeds();

        testing::set_pressure(1.1);
        assert!(with_priority(Priority::Low, near()).await.is_ok(), "the fallback answers");
        testing::expect("near").falls_back().then_sheds().then_falls_back();

        configure("max_attempts = 10\nbase_delay = 0\nbreaker = 'off'\nbudget = { ratio = 0.01, burst_capacity = 1, min_per_second = 0 }");
        testing::set_pressure(0.0);
        assert!(ask(Fail(Fault::Down)).await.is_err());
        testing::expect("svc").retries(1).then(Happening::ExhaustsBudget).then_fails();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_a_script_puts_in_is_found_with_its_name() {
    testing::isolated(async {
        configure(STEADY);
        testing::script("svc").fail_with(|| Fault::Down).times(2).then_pass();
        assert_eq!(ask(Answer(7)).await, Ok(7));
        testing::expect("svc").times(2, Happening::Injects).then_retries(1).then_succeeds();
        let history = testing::expect("svc").history();
        assert!(history.contains("injected by `script`: "), "{history}");
    })
    .await;
}

/// Nothing is counted, so a call that succeeds takes a way of its own; it is kept all the same.
#[tokio::test(start_paused = true)]
async fn calls_without_anything_to_keep_are_kept() {
    testing::isolated(async {
        let bare = "[global]\nenable_global_metrics = false\n[services.svc]\nbreaker = 'off'\nbudget = 'off'\ndeadline = \
                    'off'\nattempt_timeout = 'off'\n";
        resilience_runtime::registry().load_config(bare, "test.toml").expect("valid settings");
        for _ in 0..3 {
            assert_eq!(ask(Answer(7)).await, Ok(7));
        }
        testing::expect("svc").calls(3).attempts(3).times(3, Happening::Succeeds);
        assert_eq!(ask(crate::script::slow(10, Answer(7))).await, Ok(7));
        testing::expect("svc").calls(4).attempts(4).times(4, Happening::Succeeds);
    })
    .await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "outside of an isolated future")]
async fn outside_of_an_isolated_future_nothing_is_recorded() {
    testing::expect("svc").calls(0);
}

/// Who subscribes hears as much as if there were no record.
#[tokio::test(start_paused = true)]
async fn a_record_takes_nothing_from_those_who_listen() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = 'off'");
        let mut events = resilience_runtime::monitor().subscribe();
        // Fewer than a hundred, which may be told of in a second, but with more steps than that.
        for _ in 0..50 {
            assert!(ask(Fail(Fault::Down)).await.is_err());
        }
        let heard = events.read_calls().events;
        assert_eq!((heard.len(), heard.iter().map(|one| one.left_out).sum::<u64>()), (50, 0));
        sleep(ms(1)).await;
        testing::expect("svc").calls(50).attempts(50);
    })
    .await;
}
