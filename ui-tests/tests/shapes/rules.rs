//! The user's own code that judges errors and results.

use std::sync::Arc;

use resilience_runtime::{Recovery, Rejection, comprehensive_retry};

use super::{Flaky, spawned};

#[derive(Clone, Debug, PartialEq)]
enum Error {
    Http(u16),
    Timeout,
    Bad { reason: String },
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        Self::Bad { reason: rejection.to_string() }
    }
}

impl Error {
    fn is_timeout(&self) -> bool {
        *self == Self::Timeout
    }
}

fn fail(flaky: &Flaky, error: &Error) -> Result<u32, Error> {
    flaky.ask().map_err(|_| error.clone())
}

fn by_hand(error: &Error) -> Recovery {
    match error {
        Error::Timeout => Recovery::retry(),
        _ => Recovery::never(),
    }
}

#[tokio::test]
async fn retry_on_a_pattern() {
    #[comprehensive_retry("retry_on", base_delay = 0, max_delay = 0, retry_on(Error::Timeout | Error::Http(500..=599)))]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    for (error, result) in
        [(Error::Timeout, Ok(2)), (Error::Http(503), Ok(2)), (Error::Http(404), Err(Error::Http(404)))]
    {
        assert_eq!(spawned(call(Arc::new(Flaky::new(1)), error)).await, result);
    }
}

#[tokio::test]
async fn retry_on_patterns_with_a_guard() {
    #[comprehensive_retry(
        "guard",
        base_delay = 0,
        max_delay = 0,
        retry_on(Error::Timeout, Error::Http(code) if *code >= 500, Error::Bad { reason } if reason.is_empty()),
    )]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(500))).await, Ok(2));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(400))).await, Err(Error::Http(400)));
    let bad = Error::Bad { reason: String::new() };
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), bad)).await, Ok(2));
}

#[tokio::test]
async fn never_retry_on_a_pattern() {
    #[comprehensive_retry("never_retry_on", base_delay = 0, max_delay = 0, never_retry_on(Error::Bad { .. }))]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    let bad = Error::Bad { reason: String::new() };
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), bad.clone())).await, Err(bad));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Timeout)).await, Ok(2));
}

#[tokio::test]
async fn every_error_is_meant_by_an_underscore() {
    #[comprehensive_retry(
        "underscore",
        base_delay = 0,
        max_delay = 0,
        retry_on(_),
        never_retry_on(Error::Http(404))
    )]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(400))).await, Ok(2));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(404))).await, Err(Error::Http(404)));
}

#[tokio::test]
async fn retry_if_a_function_agrees() {
    #[comprehensive_retry("retry_if", base_delay = 0, max_delay = 0, retry_if = Error::is_timeout)]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Timeout)).await, Ok(2));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(1))).await, Err(Error::Http(1)));
}

#[tokio::test]
async fn retry_on_or_retry_if() {
    #[comprehensive_retry("both", base_delay = 0, max_delay = 0, retry_on(Error::Http(_)), retry_if = Error::is_timeout)]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Timeout)).await, Ok(2));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(1))).await, Ok(2));
}

#[tokio::test]
async fn on_error_classifies_by_hand() {
    #[comprehensive_retry("on_error", base_delay = 0, max_delay = 0, on_error = by_hand)]
    async fn call(flaky: Arc<Flaky>, error: Error) -> Result<u32, Error> {
        fail(&flaky, &error)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Timeout)).await, Ok(2));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Error::Http(1))).await, Err(Error::Http(1)));
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that the key asks for")]
fn is_odd(number: &u32) -> bool {
    number % 2 == 1
}

#[tokio::test]
async fn retry_if_ok_runs_again_and_returns_the_last_ok() {
    #[comprehensive_retry("retry_if_ok", base_delay = 0, max_delay = 0, retry_if_ok = is_odd)]
    async fn call(flaky: Arc<Flaky>, step: u32) -> Result<u32, String> {
        Ok(flaky.ask_later().await? * step)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(0)), 1)).await, Ok(2));
}

#[tokio::test]
async fn the_last_ok_is_returned_when_the_attempts_are_used_up() {
    #[comprehensive_retry("always_odd", max_attempts = 2, base_delay = 0, max_delay = 0, retry_if_ok = is_odd)]
    async fn odd(flaky: Arc<Flaky>) -> Result<u32, String> {
        Ok(flaky.ask_later().await? * 2 + 1)
    }
    assert_eq!(spawned(odd(Arc::new(Flaky::new(0)))).await, Ok(5));
}

struct Judge;

impl Judge {
    fn record(error: &Error) -> bool {
        error.is_timeout()
    }

    #[comprehensive_retry("record_if", base_delay = 0, max_delay = 0, breaker(record_if = Self::record, min_calls = 5))]
    async fn call(&self, flaky: Arc<Flaky>) -> Result<u32, Error> {
        fail(&flaky, &Error::Timeout)
    }
}

#[tokio::test]
async fn record_if_of_the_own_type() {
    assert_eq!(Judge.call(Arc::new(Flaky::new(1))).await, Ok(2));
}
