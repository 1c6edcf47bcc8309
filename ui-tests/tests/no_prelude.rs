//! A crate without a prelude: expansions name everything from the root.
#![no_implicit_prelude]

use ::resilience_runtime::{Classify, comprehensive_retry, graceful_degradation, resilient_service};

#[derive(Classify)]
#[classify(crate = ::resilience_runtime)]
enum Error {
    #[retry]
    Again,
    #[status(0)]
    Http(u16),
    #[throttled(after = 0)]
    Slow(::std::time::Duration),
}

impl ::std::convert::From<::resilience_runtime::Rejection> for Error {
    fn from(_: ::resilience_runtime::Rejection) -> Self {
        Self::Again
    }
}

#[comprehensive_retry(
    "no_prelude",
    base_delay = 0,
    max_delay = 0,
    strategy = Fixed,
    retry_on(Error::Again),
    never_retry_on(Error::Http(_) | Error::Slow(_)),
    retryable_status_codes = [503],
    clone(number),
    breaker(window = "5s")
)]
async fn call(attempts: &::std::cell::Cell<u32>, number: u32) -> ::std::result::Result<u32, Error> {
    attempts.set(attempts.get() + 1);
    if attempts.get() < 2 {
        return ::std::result::Result::Err(Error::Again);
    }
    ::std::result::Result::Ok(number)
}

async fn instead(_: &::std::cell::Cell<u32>, number: u32) -> ::std::result::Result<u32, Error> {
    ::std::result::Result::Ok(number + 1)
}

#[resilient_service(
    "no_prelude_all",
    max_attempts = 1,
    breaker = off,
    idempotent = true,
    attempt_timeout = adaptive(quantile = P99),
    hedge(after = P50),
    cache(ttl = 5, key = number, mode = ReadThrough),
    redirect = instead,
    fallback = instead,
    static_response = 7,
    partition = number,
    bulkhead(max_concurrent = 5)
)]
async fn all(attempts: &::std::cell::Cell<u32>, number: u32) -> ::std::result::Result<u32, Error> {
    attempts.set(attempts.get() + 1);
    ::std::result::Result::Err(Error::Http(400))
}

struct Client;

#[resilient_service("no_prelude_block", max_attempts = 1)]
impl Client {
    #[graceful_degradation(static_response = 7)]
    async fn call(&self) -> ::std::result::Result<u32, Error> {
        ::std::result::Result::Err(Error::Http(400))
    }
}

#[test]
fn a_crate_without_a_prelude_can_use_the_attributes() {
    let runtime = ::tokio::runtime::Builder::new_current_thread().enable_time().build();
    let attempts = ::std::cell::Cell::new(0);
    let runtime = ::std::result::Result::unwrap(runtime);
    let result = runtime.block_on(call(&attempts, 5));
    ::std::assert_eq!(::std::result::Result::ok(result), ::std::option::Option::Some(5));
    ::std::assert_eq!(attempts.get(), 2);
    let result = runtime.block_on(all(&attempts, 5));
    ::std::assert_eq!(::std::result::Result::ok(result), ::std::option::Option::Some(6));
    ::std::assert_eq!(attempts.get(), 3);
    let result = runtime.block_on(Client.call());
    ::std::assert_eq!(::std::result::Result::ok(result), ::std::option::Option::Some(7));
    ::std::assert!(Error::Http(500).classify().is_retry());
    ::std::assert!(Error::Slow(::std::time::Duration::ZERO).classify().is_throttled());
}
