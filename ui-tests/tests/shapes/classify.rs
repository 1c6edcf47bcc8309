//! `#[derive(Classify)]` on every shape of error.

use std::time::Duration;

use resilience_runtime::{Classify, Recovery};

const WAIT: Duration = Duration::from_secs(3);

#[derive(Classify)]
enum ApiError {
    #[retry]
    Flaky,
    #[never]
    Bad(#[expect(dead_code, reason = "the shape under test")] String),
    #[local]
    Local {},
    #[throttled]
    Throttled,
    #[throttled(after = wait)]
    SlowDown { wait: Duration },
    #[retry(after = 1)]
    Later(#[expect(dead_code, reason = "the shape under test")] u8, Option<Duration>),
    #[retry(not_sent)]
    Refused,
    #[retry(after = after, not_sent)]
    Both { after: Duration },
    #[status(code)]
    Http { code: u16 },
    #[status(0)]
    Maybe(Option<u16>),
    #[never]
    #[status(0)]
    Told(u16),
    #[transparent]
    Inner(Inner),
}

#[derive(Classify)]
#[throttled(after = wait)]
#[status(code)]
struct Inner {
    wait: Duration,
    code: u16,
}

#[test]
fn plain_marks() {
    assert_eq!(ApiError::Flaky.classify(), Recovery::retry());
    assert_eq!(ApiError::Bad(String::new()).classify(), Recovery::never());
    assert_eq!(ApiError::Local {}.classify(), Recovery::local());
    assert_eq!(ApiError::Throttled.classify(), Recovery::throttled());
    assert_eq!(ApiError::Flaky.status(), None);
}

#[test]
fn waits_that_the_server_asked_for() {
    assert_eq!(ApiError::SlowDown { wait: WAIT }.classify(), Recovery::throttled().after(WAIT));
    assert_eq!(ApiError::Later(0, Some(WAIT)).classify(), Recovery::retry().after(WAIT));
    assert_eq!(ApiError::Later(0, None).classify(), Recovery::retry());
}

#[test]
fn requests_that_were_not_sent() {
    assert_eq!(ApiError::Refused.classify(), Recovery::retry().not_sent());
    assert_eq!(ApiError::Both { after: WAIT }.classify(), Recovery::retry().not_sent().after(WAIT));
}

#[test]
fn statuses_decide_unless_another_mark_does() {
    assert!(ApiError::Http { code: 503 }.classify().is_retry());
    assert!(ApiError::Http { code: 429 }.classify().is_throttled());
    assert!(ApiError::Http { code: 404 }.classify().is_never());
    assert_eq!(ApiError::Http { code: 404 }.status(), Some(404));
    assert!(ApiError::Maybe(None).classify().is_retry());
    assert_eq!(ApiError::Maybe(None).status(), None);
    assert!(ApiError::Told(503).classify().is_never());
    assert_eq!(ApiError::Told(503).status(), Some(503));
}

#[test]
fn transparent_variants_say_what_the_inner_error_says() {
    let error = ApiError::Inner(Inner { wait: WAIT, code: 429 });
    assert_eq!(error.classify(), Recovery::throttled().after(WAIT));
    assert_eq!(error.status(), Some(429));
}

#[derive(Classify)]
#[classify(crate = ::resilience_runtime)]
#[retry]
struct Unit;

#[derive(Classify)]
#[transparent]
struct Wrapper<E: Classify>(E);

#[derive(Classify)]
enum Nothing {}

#[test]
fn structs_and_generic_errors() {
    assert_eq!(Unit.classify(), Recovery::retry());
    assert_eq!(Wrapper(Unit).classify(), Recovery::retry());
    assert_eq!(Wrapper(Inner { wait: WAIT, code: 500 }).status(), Some(500));
    assert!(size_of::<Nothing>() == 0);
}
