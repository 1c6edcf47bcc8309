//! Secrets go into arguments, results, errors, panics, keys, names of partitions and addresses; calls that end in every way come
//! out.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use resilience_runtime::{Classify, Rejection, comprehensive_retry};

/// Each ends in what is looked for.
pub(crate) const ARGUMENT: &str = "argument-hunter2";
pub(crate) const RESULT: &str = "result-hunter2";
pub(crate) const ERROR: &str = "error-hunter2";
pub(crate) const KEY: &str = "cache-key-hunter2";
pub(crate) const PARTITION: &str = "partition-hunter2";
pub(crate) const URL: &str = "http://user:url-hunter2@127.0.0.1:1/url-hunter2?token=url-hunter2";
/// Of a write that must not run twice.
pub(crate) const WRITE_KEY: &str = "write-key-hunter2";
#[cfg(all(feature = "json", feature = "redis"))]
pub(crate) const STORE_URL: &str = "redis://store-hunter2:store-hunter2@127.0.0.1:1/0";
pub(crate) const STAND_IN: &str = "stand-in-hunter2";
pub(crate) const PANIC: &str = "panic-hunter2";
pub(crate) const SECRET: &str = "hunter2";

#[derive(Clone, Debug, thiserror::Error, Classify)]
pub(crate) enum Fault {
    #[error("down: {0}")]
    #[retry]
    Down(String),
    #[error("wrong: {text} at {url}")]
    #[never]
    Wrong { text: String, url: String },
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// Fails in every way that its argument asks for.
#[comprehensive_retry(
    "planted",
    max_attempts = 3,
    base_delay = "1ms",
    partition = PARTITION,
    cache(key = (KEY.to_owned(), argument.to_owned()), ttl = "10ms", stale_for = "20ms"),
    bulkhead(max_concurrent = 1, max_queue = 1, max_wait = "1ms"),
    breaker(consecutive_failures = 4, open_for = "50ms"),
    fallback = |argument: &str, how: u32| stand_in(argument, how)
)]
pub(crate) async fn planted(argument: &str, how: u32) -> Result<String, Fault> {
    assert!(how != 9, "{PANIC}: {argument}");
    planted_outcome(argument, how).await
}

async fn planted_outcome(argument: &str, how: u32) -> Result<String, Fault> {
    match how {
        0 => Ok(format!("{RESULT} {argument}")),
        1 | 2 => Err(Fault::Down(format!("{ERROR} {argument}"))),
        3 => std::future::pending().await,
        _ => Err(Fault::Wrong { text: ERROR.to_owned(), url: URL.to_owned() }),
    }
}

fn stand_in(_: &str, how: u32) -> Result<String, Fault> {
    if how == 1 { Ok(STAND_IN.to_owned()) } else { Err(Fault::Down(STAND_IN.to_owned())) }
}

#[comprehensive_retry("planted_url", max_attempts = 2, base_delay = "1ms")]
pub(crate) async fn ask(
    client: &reqwest::Client,
    url: &str,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(client.get(url).send().await?.text().await?)
}

/// Whether it panicked; the future is polled within.
pub(crate) async fn panics(future: impl Future<Output = Result<String, Fault>>) -> bool {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(_)) => Poll::Ready(false),
            Err(_) => Poll::Ready(true),
        }
    })
    .await
}

/// A write with a key, in the memory of the process.
#[comprehensive_retry(
    "planted_write",
    max_attempts = 2,
    base_delay = "1ms",
    idempotency(key = key, fingerprint = how, wait = "5ms")
)]
pub(crate) async fn write(key: &str, argument: &str, how: u32) -> Result<String, Fault> {
    planted_outcome(argument, how).await
}

/// The same with a store that is away, at an address with a password.
#[cfg(all(feature = "json", feature = "redis"))]
#[comprehensive_retry(
    "planted_store",
    max_attempts = 2,
    base_delay = "1ms",
    idempotency(key = key, store = store.clone(), on_unavailable = Run)
)]
pub(crate) async fn write_elsewhere(
    store: &resilience_runtime::store::RedisIdempotencyProvider,
    key: &str,
    argument: &str,
    how: u32,
) -> Result<String, Fault> {
    planted_outcome(argument, how).await
}
