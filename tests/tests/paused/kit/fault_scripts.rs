//! Fault scripts: attempts of a service take steps, one each, without a change to the code that is tested.

use std::io::{self, ErrorKind};
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::{Rejection, RejectionKind, Resilient, comprehensive_retry, registry, testing};
use tokio::time::Instant;

use crate::script::{ms, secs};

/// What a program has as its error, with nothing said about chaos.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
enum DbError {
    #[error("no answer")]
    NoAnswer,
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

#[comprehensive_retry(
    "db", max_attempts = 5, strategy = Fixed, base_delay = "100ms", jitter = 0, breaker = off, budget = off,
    attempt_timeout = "10s", deadline = "60s"
)]
async fn load(id: u64) -> Result<u64, io::Error> {
    Ok(id)
}

fn is_worth_it(_: &DbError) -> bool {
    true
}

#[comprehensive_retry(
    "users", max_attempts = 3, strategy = Fixed, base_delay = "100ms", jitter = 0, retry_if = is_worth_it
)]
async fn user(id: &str) -> Result<&str, DbError> {
    Ok(id)
}

#[comprehensive_retry("users", max_attempts = 1)]
async fn rename(id: u64) -> Result<u64, DbError> {
    Ok(id)
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "no text".to_owned())
}

#[tokio::test(start_paused = true)]
async fn attempts_take_the_steps_one_by_one() {
    testing::isolated(async {
        let script = testing::script("db").fail(ErrorKind::TimedOut).times(3).then_delay("2s").then_pass();
        assert_eq!(script.remaining(), 4);
        let began = Instant::now();
        assert_eq!(load(7).await.expect("the fourth attempt runs"), 7);
        assert_eq!(began.elapsed(), ms(300) + secs(2));
        script.assert_done();
        let service = registry().service("db").expect("it was called");
        assert_eq!(service.stats().attempts_needed(), [0, 0, 0, 1, 0]);
        // What no step is left for passes at once.
        let began = Instant::now();
        assert_eq!(load(8).await.expect("nothing is in its way"), 8);
        assert_eq!(began.elapsed(), ms(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn errors_of_any_type_are_made_by_a_closure_or_given_as_a_value() {
    testing::isolated(async {
        let script =
            testing::script("users").fail_with(|| DbError::NoAnswer).then_fail_value(DbError::NoAnswer);
        let began = Instant::now();
        assert_eq!(user("me").await, Ok("me"));
        assert_eq!(began.elapsed(), ms(200));
        script.assert_done();
        let _all = testing::script("users").fail_value(DbError::NoAnswer).times(3);
        assert_eq!(user("me").await, Err(DbError::NoAnswer));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_script_may_mean_one_function_of_a_service() {
    testing::isolated(async {
        let script = testing::script("users@rename").fail_value(DbError::NoAnswer);
        assert_eq!(user("me").await, Ok("me"));
        assert_eq!(script.remaining(), 1, "the other function takes no step");
        assert_eq!(rename(7).await, Err(DbError::NoAnswer));
        script.assert_done();
        let by_path = testing::script("users@fault_scripts::rename").fail_value(DbError::NoAnswer);
        assert_eq!((user("me").await, rename(7).await), (Ok("me"), Err(DbError::NoAnswer)));
        by_path.assert_done();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_can_hang_panic_or_be_turned_away() {
    testing::isolated(async {
        let script = testing::script("db").hang().then_reject(RejectionKind::BulkheadFull);
        let began = Instant::now();
        let error = load(7).await.expect_err("the second attempt is turned away, which is not retried");
        assert_eq!(began.elapsed(), secs(10) + ms(100), "the first ends by its timeout");
        let rejection = error.get_ref().and_then(|inner| inner.downcast_ref::<Rejection>());
        assert_eq!(rejection.map(Rejection::kind), Some(RejectionKind::BulkheadFull), "{error}");
        script.assert_done();
        let script = testing::script("db").panic();
        let panic = AssertUnwindSafe(load(7)).catch_unwind().await.expect_err("the attempt panics");
        assert!(message(&*panic).contains("script"), "{}", message(&*panic));
        script.assert_done();
        let service = registry().service("db").expect("it was called");
        assert_eq!(service.stats().outcomes(resilience_runtime::monitor::CallerOutcome::Panicked), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_wrong_type_is_a_mistake_that_is_named() {
    testing::isolated(async {
        let _script = testing::script("users").fail(ErrorKind::TimedOut);
        let panic = AssertUnwindSafe(user("me")).catch_unwind().await.expect_err("no such error can be made");
        let message = message(&*panic);
        for part in ["`users`", "`user`", "std::io::error::Error", "DbError", "fail_with"] {
            assert!(message.contains(part), "{part}: {message}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_a_script_is_listed() {
    testing::isolated(async {
        let script =
            testing::script("db").fail(ErrorKind::TimedOut).then_hang().times(2).then_pass().times(9);
        assert_eq!(load(7).await.expect("the fourth attempt passes"), 7);
        let script_of_others = testing::script("other").delay(secs(1));
        script.assert_done();
        let panic = std::panic::catch_unwind(AssertUnwindSafe(|| script_of_others.assert_done()));
        let message = message(&*panic.expect_err("a step is left"));
        assert!(message.contains("`other`") && message.contains("1 × latency"), "{message}");
        script_of_others.stop();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_by_handles_take_steps_of_the_type_of_their_error() {
    testing::isolated(async {
        let handle = Resilient::service("db").max_attempts(2).base_delay(ms(100)).build();
        let script = testing::script("db").fail(ErrorKind::TimedOut);
        assert_eq!(
            handle.call(|| async { Ok::<_, io::Error>(7) }).await.expect("the second attempt runs"),
            7
        );
        script.assert_done();
        let script = testing::script("db").fail_value("gone".to_owned()).times(2);
        let answer = handle
            .call_with(|| async { Ok::<_, String>(7) }, |_| resilience_runtime::Recovery::retry())
            .await;
        assert_eq!(answer, Err("gone".to_owned()));
        script.assert_done();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_copy_of_a_hedged_attempt_takes_a_step() {
    #[comprehensive_retry("mirror", max_attempts = 1, idempotent = true, hedge(after = "100ms", max = 1))]
    async fn ask(id: u64) -> Result<u64, io::Error> {
        Ok(id)
    }
    testing::isolated(async {
        let script = testing::script("mirror").hang().then_delay("50ms");
        let began = Instant::now();
        assert_eq!(ask(7).await.expect("the second copy answers"), 7);
        assert_eq!(began.elapsed(), ms(150));
        script.assert_done();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_taken_no_times_is_no_step() {
    testing::isolated(async {
        let none = testing::script("db").hang().times(0);
        let script = testing::script("db").fail(ErrorKind::TimedOut);
        none.assert_done();
        let began = Instant::now();
        assert_eq!(load(7).await.expect("the second attempt runs"), 7);
        assert_eq!(began.elapsed(), ms(100));
        script.assert_done();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_script_that_no_call_site_is_meant_by_says_so() {
    testing::isolated(async {
        for (target, says) in [
            ("usrs", "no call site names the service `usrs`; did you mean `users`?"),
            ("users@renam", "`users` has no call site `renam`; did you mean `rename`?"),
        ] {
            let script = testing::script(target).fail(ErrorKind::TimedOut).times(3);
            let panic =
                std::panic::catch_unwind(AssertUnwindSafe(|| script.assert_done())).expect_err(target);
            assert_eq!(
                message(&*panic),
                format!("the script for `{target}` is not done: no attempt has taken 3 × error; {says}")
            );
            script.stop();
        }
    })
    .await;
}
