//! A trait of the user's, in scope and implemented for everything, whose methods are named like those that expansions
//! call: a call that has to borrow its receiver would find the trait first.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use resilience_runtime::{
    Classify, Resilient, call, comprehensive_retry, graceful_degradation, resilient_service, retry_database,
};

use super::{Flaky, spawned};

macro_rules! planted {
    ($($name:ident)+) => {
        #[expect(dead_code, clippy::wrong_self_convention, reason = "nobody means to call them, whatever they are named")]
        trait Everything: Sized {
            $(fn $name(self) {
                unreachable!("the user's method is called: {}", stringify!($name));
            })+
        }

        impl<T> Everything for T {}

        const PLANTED: &[&str] = &[$(stringify!($name)),+];
    };
}

planted! {
    after ahead answer ask ask_async_closure ask_async_closure_with_error ask_closure ask_closure_with_error borrow by
    cached classified classify clone convert degradation_only degrade enter error failure finish hedged inject into_future is_rejection keep
    learn leave_alone lookup never not_sent offer on_rejection once only partitioned partitioned_as poll recovery run status submit
    take_owned wait with_body within
}

#[derive(Debug, Classify)]
#[expect(dead_code, reason = "most variants are there for their marks")]
enum Error {
    #[retry]
    Again,
    #[retry(not_sent)]
    Refused,
    #[throttled(after = 0)]
    Slow(Duration),
    #[status(0)]
    Http(u16),
    #[transparent]
    Inner(std::io::Error),
}

impl From<resilience_runtime::Rejection> for Error {
    fn from(_: resilience_runtime::Rejection) -> Self {
        Self::Again
    }
}

impl From<String> for Error {
    fn from(_: String) -> Self {
        Self::Again
    }
}

fn recovery_of(error: &Error) -> resilience_runtime::Recovery {
    Classify::classify(error)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that the key wants")]
fn is_small(number: &u32) -> bool {
    *number < 2
}

fn is_failure(error: &Error) -> bool {
    matches!(error, Error::Again)
}

#[comprehensive_retry(
    "blanket_all",
    base_delay = 0,
    max_delay = 0,
    retry_on(Error::Again),
    never_retry_on(Error::Http(_)),
    on_error = recovery_of,
    retry_if_ok = is_small,
    breaker(record_if = is_failure),
    partition = number,
    clone(number)
)]
async fn all(flaky: Arc<Flaky>, number: u32) -> Result<u32, Error> {
    Ok(flaky.ask_later().await? + number)
}

#[retry_database("blanket_stacked", base_delay = 0, max_delay = 0)]
#[comprehensive_retry("blanket_stacked")]
async fn stacked(flaky: Arc<Flaky>) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

async fn instead(_: &Flaky, number: u32) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    (number > 5).then_some(number).ok_or(Error::Again)
}

async fn with_the_error(_: &Flaky, number: u32, _: &Error) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    (number > 4).then_some(number).ok_or(Error::Again)
}

#[graceful_degradation(
    "blanket_degradation",
    cache(ttl = 1, key = number),
    redirect = instead,
    fallback = with_the_error,
    static_response = 1
)]
async fn degraded(flaky: &Flaky, number: u32) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

#[graceful_degradation("blanket_closure", fallback = |_, _, error| instead_of(error), fallback_if = is_failure)]
async fn closed(flaky: &Flaky, number: u32) -> Result<u32, Error> {
    flaky.ask_later().await?;
    Ok(number)
}

#[graceful_degradation("blanket_async_closure", fallback = async |_| instead_of(&Error::Again))]
async fn closed_later(flaky: &Flaky) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

fn instead_of(error: &Error) -> Result<u32, Error> {
    if is_failure(error) { Ok(7) } else { Err(Error::Refused) }
}

#[graceful_degradation("blanket_static", static_response = 1)]
async fn fixed(flaky: &Flaky) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

#[graceful_degradation("blanket_cache", cache(ttl = 1, key = (), mode = ReadThrough))]
async fn cached(flaky: &Flaky) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

#[comprehensive_retry(
    "blanket_hedged",
    idempotent = true,
    hedge(after = "10ms", max = 1),
    base_delay = 0,
    max_delay = 0
)]
async fn hedged(flaky: Arc<Flaky>) -> Result<u32, Error> {
    Ok(flaky.ask_later().await?)
}

#[resilient_service("blanket_block", base_delay = 0, max_delay = 0)]
impl Flaky {
    async fn covered(&self) -> Result<u32, Error> {
        Ok(self.ask_later().await?)
    }
}

fn assert_ok<T: Debug + PartialEq>(result: &Result<T, Error>, expected: &T) {
    assert_eq!(result.as_ref().expect("an answer"), expected);
}

#[tokio::test]
async fn every_attribute_calls_its_own_methods() {
    assert_ok(&spawned(all(Arc::new(Flaky::new(1)), 1)).await, &3);
    assert_ok(&spawned(stacked(Arc::new(Flaky::new(1)))).await, &2);
    assert_ok(&degraded(&Flaky::new(1), 6).await, &6);
    assert_ok(&degraded(&Flaky::new(1), 5).await, &5);
    assert_ok(&degraded(&Flaky::new(1), 4).await, &1);
    assert_ok(&closed(&Flaky::new(1), 4).await, &7);
    assert_ok(&closed_later(&Flaky::new(1)).await, &7);
    assert_ok(&fixed(&Flaky::new(1)).await, &1);
    assert_ok(&cached(&Flaky::new(0)).await, &1);
    assert_ok(&spawned(hedged(Arc::new(Flaky::new(1)))).await, &2);
    assert_ok(&Flaky::new(1).covered().await, &2);
    assert!(Classify::classify(&Error::Http(500)).is_retry());
    assert!(Classify::classify(&Error::Inner(std::io::Error::from(std::io::ErrorKind::TimedOut))).is_retry());
    assert_eq!(Classify::status(&Error::Http(404)), Some(404));
}

#[tokio::test]
async fn a_call_by_a_handle_calls_its_own_methods_however_the_handle_is_held() {
    static SHARED: LazyLock<Resilient> = LazyLock::new(|| Resilient::service("blanket_call").build());
    let handle = <Resilient as Clone>::clone(&SHARED);
    let flaky = Flaky::new(1);
    let body = async || Ok::<_, Error>(flaky.ask_later().await?);
    assert_ok(&call!(handle, body).await, &2);
    assert_ok(&call!(&handle, body).await, &3);
    assert_ok(&call!(SHARED, body).await, &4);
    assert_ok(&call!(Resilient::on_rejection(&handle, |_| Error::Again), body).await, &5);
}

/// The sources in a folder, at any depth.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let read = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { vec![std::fs::read_to_string(&path).expect("a text")] }
    };
    paths.flat_map(read).collect()
}

/// The macros in a source that users' crates can call. Each ends where a line begins with its brace.
fn exported_macros(source: &str) -> Vec<String> {
    let after = source.split("#[macro_export]\n").skip(1);
    after.map(|text| text.split("\n}\n").next().unwrap_or(text).to_owned()).collect()
}

/// What an expansion calls by name and the trait does not have would go unseen here.
#[test]
fn every_method_that_expansions_call_is_planted() {
    // What the functions of the snapshots call themselves.
    const OF_THE_USER: &[&str] = &["ask", "id", "is_empty", "send", "to_owned"];
    // The name that is reserved, and documented as such.
    const RESERVED: &str = "resilience_by_type";
    let snapshots = concat!(env!("CARGO_MANIFEST_DIR"), "/../resilience-macros/snapshots");
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../resilience-runtime/src");
    let mut texts: Vec<_> = sources(Path::new(snapshots));
    let exported = sources(Path::new(runtime)).into_iter().flat_map(|text| exported_macros(&text));
    let exported: Vec<_> = exported.collect();
    assert!(exported.iter().any(|text| text.contains("macro_rules! call {")), "{exported:#?}");
    texts.extend(exported);
    let mut called = std::collections::BTreeSet::new();
    for text in texts {
        for call in text.split('.').skip(1) {
            let name: String = call.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() && call[name.len()..].starts_with('(') {
                called.insert(name);
            }
        }
    }
    assert!(called.len() > 10, "{called:?}");
    let missing: Vec<_> = called
        .iter()
        .map(String::as_str)
        .filter(|name| *name != RESERVED && !PLANTED.contains(name) && !OF_THE_USER.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
