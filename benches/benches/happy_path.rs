//! A call that succeeds at once: retry alone and the whole engine, ours beside the peers in one run.
//!
//! Compare as ratios within one run. Every stack makes up to three attempts with jittered exponential delays
//! from 10 ms; breakers open at half of at least 100 results; timeouts are 1 s. What a peer lacks is left out
//! for it: seatbelt has no budget, the composition by hand no budget and no statistics.

use std::hint::black_box;
use std::time::Duration;

use backon::Retryable as _;
use benches::{OpError, pending_once, ready};
use criterion::{Criterion, criterion_group, criterion_main};
use layered::{Execute, Service as _, Stack as _};
use resilience_runtime::comprehensive_retry;
use seatbelt::breaker::Breaker;
use seatbelt::retry::{Backoff, Retry};
use seatbelt::timeout::Timeout;
use seatbelt::{RecoveryInfo, ResilienceContext};
use tokio::runtime::{Builder, Runtime};
use tokio::task::unconstrained;

const BASE: Duration = Duration::from_millis(10);
const TIMEOUT: Duration = Duration::from_secs(1);
const WINDOW: Duration = Duration::from_secs(30);

mod ours {
    use super::{OpError, comprehensive_retry, pending_once, ready};

    #[comprehensive_retry(
        "bench_retry",
        max_attempts = 3,
        base_delay = "10ms",
        breaker = off,
        budget = off,
        attempt_timeout = off,
        deadline = off
    )]
    pub(crate) async fn retry(value: u64) -> Result<u64, OpError> {
        ready(value).await
    }

    #[comprehensive_retry(
        "bench_full",
        max_attempts = 3,
        base_delay = "10ms",
        attempt_timeout = "1s",
        breaker(window = "30s", min_calls = 100),
        bulkhead(max_concurrent = 1024)
    )]
    pub(crate) async fn full(value: u64) -> Result<u64, OpError> {
        ready(value).await
    }

    #[comprehensive_retry(
        "bench_full",
        max_attempts = 3,
        base_delay = "10ms",
        attempt_timeout = "1s",
        breaker(window = "30s", min_calls = 100),
        bulkhead(max_concurrent = 1024)
    )]
    pub(crate) async fn full_pending(value: u64) -> Result<u64, OpError> {
        pending_once(value).await
    }
}

fn recover(result: &Result<u64, OpError>) -> RecoveryInfo {
    match result {
        Err(OpError::Transient) => RecoveryInfo::retry(),
        _ => RecoveryInfo::never(),
    }
}

fn builder() -> backon::ExponentialBuilder {
    backon::ExponentialBuilder::default().with_jitter().with_min_delay(BASE).with_max_times(2)
}

fn recloser() -> recloser::AsyncRecloser {
    let settings =
        recloser::Recloser::custom().error_rate(0.5).closed_len(100).half_open_len(10).open_wait(WINDOW);
    recloser::AsyncRecloser::from(settings.build())
}

macro_rules! seatbelt_retry {
    ($context:expr) => {
        Retry::layer("retry", &$context)
            .clone_input()
            .max_retry_attempts(2)
            .backoff(Backoff::Exponential)
            .base_delay(BASE)
            .use_jitter(true)
            .recovery_with(|result: &Result<u64, OpError>, _| recover(result))
    };
}

macro_rules! seatbelt_full {
    ($context:expr, $body:path) => {
        (
            seatbelt_retry!($context),
            Breaker::layer("breaker", &$context)
                .recovery_with(|result: &Result<u64, OpError>, _| recover(result))
                .rejected_input_error(|_, _| OpError::Rejected)
                .failure_threshold(0.5)
                .min_throughput(100)
                .sampling_duration(WINDOW),
            Timeout::layer("timeout", &$context).timeout_error(|_| OpError::Rejected).timeout(TIMEOUT),
            Execute::new($body),
        )
            .into_service()
    };
}

macro_rules! by_hand {
    ($breaker:expr, $body:path, $value:expr) => {
        (|| async {
            let timed = async {
                tokio::time::timeout(TIMEOUT, $body($value)).await.unwrap_or(Err(OpError::Rejected))
            };
            match recloser::AsyncRecloser::call(&$breaker, timed).await {
                Ok(value) => Ok(value),
                Err(recloser::Error::Inner(error)) => Err(error),
                Err(recloser::Error::Rejected) => Err(OpError::Rejected),
            }
        })
        .retry(builder())
        .when(|error: &OpError| *error == OpError::Transient)
    };
}

/// Runs a case without tokio's cooperative budget, which would be measured too.
macro_rules! case {
    ($group:expr, $runtime:expr, $name:literal, |$value:ident| $call:expr) => {
        $group.bench_function($name, |bencher| {
            bencher.iter_custom(|rounds| {
                $runtime.block_on(unconstrained(async {
                    let start = std::time::Instant::now();
                    for round in 0..rounds {
                        let $value = black_box(round);
                        assert!($call.await.is_ok());
                    }
                    start.elapsed()
                }))
            });
        });
    };
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn retry_alone(criterion: &mut Criterion) {
    let runtime = runtime();
    let _entered = runtime.enter();
    let context = ResilienceContext::new(tick::Clock::new_tokio()).name("peer");
    let seatbelt = (seatbelt_retry!(context), Execute::new(ready)).into_service();
    let mut group = criterion.benchmark_group("retry, first attempt ready");
    case!(group, runtime, "bare", |value| ready(value));
    case!(group, runtime, "ours, with counters and latency", |value| { ours::retry(value) });
    case!(group, runtime, "backon", |value| (|| ready(value)).retry(builder()));
    case!(group, runtime, "seatbelt", |value| seatbelt.execute(value));
    group.finish();
}

fn whole_engine(criterion: &mut Criterion) {
    let runtime = runtime();
    let _entered = runtime.enter();
    let context = ResilienceContext::new(tick::Clock::new_tokio()).name("peer");
    let hand = recloser();

    let seatbelt = seatbelt_full!(context, ready);
    let mut group = criterion.benchmark_group("whole engine, body ready");
    case!(group, runtime, "ours", |value| ours::full(value));
    case!(group, runtime, "backon + recloser + tokio timeout by hand", |value| by_hand!(hand, ready, value));
    case!(group, runtime, "seatbelt", |value| seatbelt.execute(value));
    group.finish();

    let seatbelt = seatbelt_full!(context, pending_once);
    let mut group = criterion.benchmark_group("whole engine, body pending once");
    case!(group, runtime, "ours", |value| ours::full_pending(value));
    case!(group, runtime, "backon + recloser + tokio timeout by hand", |value| by_hand!(
        hand,
        pending_once,
        value
    ));
    case!(group, runtime, "seatbelt", |value| seatbelt.execute(value));
    group.finish();
}

criterion_group!(benches, retry_alone, whole_engine);
criterion_main!(benches);
