//! Gives one future a registry of its own (`isolated`), so that tests in one process do not see each other's breakers, clocks and
//! random numbers.

use std::env;
use std::future::Future;

use crate::call::Context;
use crate::registry::Registry;
use crate::registry::isolated::{isolated_registry, scope};

/// The seed of [`isolated`], unless the environment has another.
const SEED: u64 = 0;

/// Where another seed for all of them is looked for.
const VARIABLE: &str = "RESILIENCE_SEED";

/// Runs a future with a registry of its own: it neither sees nor changes any breaker, budget, counter or configuration
/// file of the program. The registry is never freed, so that handles to its services stay valid; it is meant for tests.
///
/// Everything in it goes by tokio's clock: breaks, budgets, windows, caches, leases, records of idempotency keys and
/// timeouts. With `#[tokio::test(start_paused = true)]`, hours pass in milliseconds. Its pressure is what
/// [`set_pressure`](super::set_pressure) says; nothing measures the machine. Jitter, probes and throttles go by random numbers
/// of its own, the same in each run. `RESILIENCE_SEED=42 cargo test` runs all such tests with other numbers, for tests that
/// must not depend on them; [`isolated_with`] gives a single one its own.
///
/// Spawned tasks do not inherit it by themselves: wrap them in [`inherit`].
///
/// # Panics
///
/// If `RESILIENCE_SEED` is set and no number below 2^64.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{registry, testing};
///
/// testing::isolated(async {
///     assert_eq!(registry().reloads().applied, 0, "no file is in force, whatever the program follows");
/// })
/// .await;
/// # }
/// ```
pub fn isolated<F: Future>(future: F) -> impl Future<Output = F::Output> {
    run(seed_of_the_run, future)
}

/// The same with the given seed. It is printed when the future panics, for tests that go through many.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// use std::time::Duration;
/// use resilience_runtime::{RejectionKind, comprehensive_retry, testing};
/// use tokio::time::Instant;
///
/// #[comprehensive_retry("search", max_attempts = 3, base_delay = "1s")]
/// async fn search() -> Result<u32, std::io::Error> {
///     Err(std::io::ErrorKind::ConnectionReset.into())
/// }
///
/// async fn takes(seed: u64) -> Duration {
///     let started = Instant::now();
///     testing::isolated_with(seed, search()).await.unwrap_err();
///     started.elapsed()
/// }
/// assert_eq!(takes(7).await, takes(7).await);
/// assert_ne!(takes(7).await, takes(8).await);
/// # }
/// ```
pub fn isolated_with<F: Future>(seed: u64, future: F) -> impl Future<Output = F::Output> {
    run(move || seed, future)
}

/// Gives a future the isolated registry of the calling code, if it has one.
pub fn inherit<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let registry = isolated_registry();
    async move {
        match registry {
            Some(registry) => scope(registry, future).await,
            None => future.await,
        }
    }
}

/// The registry is made by the first poll: only inside the runtime is it known where its clock stands.
async fn run<F: Future>(seed: impl FnOnce() -> u64, future: F) -> F::Output {
    let seed = seed();
    let registry: &'static Registry = Box::leak(Box::new(Registry::recorded(seed)));
    let _told = ToldOnPanic(seed);
    scope(registry, Context::ROOT.scope(future)).await
}

fn seed_of_the_run() -> u64 {
    let Some(written) = env::var_os(VARIABLE) else { return SEED };
    let written = written.to_string_lossy();
    written
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("`{VARIABLE}` is `{written}`, which is no number below 2^64"))
}

/// Prints the seed of a future that panics, if it is not the usual one.
struct ToldOnPanic(u64);

impl Drop for ToldOnPanic {
    #[expect(
        clippy::print_stderr,
        reason = "for whoever reads why the test has failed; caught by the harness"
    )]
    fn drop(&mut self) {
        let Self(seed) = self;
        if *seed != SEED && std::thread::panicking() {
            eprintln!("the random numbers of the isolated registry began with seed {seed}");
        }
    }
}
