//! Which series are sent, and what they say.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use resilience_runtime::export::otel::Exporter;
use resilience_runtime::{Resilient, monitor};
use tokio::sync::Notify;

use crate::hand::{Hand, Series};
use crate::services::{Fault, call_well_and_ill, calm, runtime, snapshot};

fn of<'a>(series: &'a Series, service: &str) -> Vec<(&'a str, f64)> {
    let label = format!("dependency={service}");
    let is_of = |name: &str| name.contains(&format!("{label},")) || name.contains(&format!("{label}}}"));
    let mut of: Vec<_> =
        series.iter().filter(|(name, _)| is_of(name)).map(|(name, value)| (name.as_str(), *value)).collect();
    of.sort_by(|a, b| a.0.cmp(b.0));
    of
}

#[test]
fn series_that_were_ever_other_than_zero_are_sent_and_success_and_failure_from_the_start() {
    runtime().block_on(async {
        let service = calm("otel_series");
        let hand = Hand::default();
        let exporting = Exporter::new().start(&hand);
        // Known from its first call on, which is still under way.
        let gate = Arc::new(Notify::new());
        let waiting = {
            let (gate, service) = (Arc::clone(&gate), service.clone());
            let body = move || {
                let gate = Arc::clone(&gate);
                async move {
                    gate.notified().await;
                    Ok::<_, Fault>(())
                }
            };
            tokio::spawn(async move { service.call(body).await })
        };
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let first = hand.collect();
        let names: Vec<_> = of(&first, "otel_series").into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "resilience.breaker.state{dependency=otel_series,state=closed}",
                "resilience.budget.capacity{dependency=otel_series}",
                "resilience.budget.tokens{dependency=otel_series}",
                "resilience.calls_in_flight{dependency=otel_series}",
                "resilience.calls{dependency=otel_series,outcome=failure}",
                "resilience.calls{dependency=otel_series,outcome=success}",
                "resilience.dependency_info{dependency=otel_series,kind=generic,service_type=,template=generic}",
                "resilience.health_score{dependency=otel_series}",
            ]
        );
        gate.notify_one();
        assert_eq!(waiting.await.expect("it ends"), Ok(()));
        call_well_and_ill(&service).await;

        let (series, page) = (hand.collect(), snapshot("otel_series"));
        let value = |name: &str| series.get(name).copied();
        assert_eq!(value("resilience.calls{dependency=otel_series,outcome=success}"), Some(2.0));
        assert_eq!(value("resilience.calls{dependency=otel_series,outcome=failure}"), Some(1.0));
        assert_eq!(value("resilience.calls{dependency=otel_series,outcome=panicked}"), None);
        assert_eq!(value("resilience.calls_in_flight{dependency=otel_series}"), Some(0.0), "it fell back");
        assert_eq!(
            value("resilience.attempts{dependency=otel_series,attempt_type=retry,outcome=retryable}"),
            Some(1.0)
        );
        assert_eq!(page.attempts.retry.get("retryable"), 1);
        let ended = of(&series, "otel_series").iter().filter(|(name, _)| name.contains(".attempts{")).count();
        assert_eq!(ended, 3, "three kinds of attempts have ended: {series:#?}");
        drop(exporting);
        assert_eq!(hand.collect(), Series::new(), "nothing is observed without the guard");
    });
}

#[test]
fn what_does_not_exist_has_no_series_and_names_are_escaped() {
    runtime().block_on(async {
        let name = "otel\n\u{202e}odd";
        let service = Resilient::service(name).max_attempts(1).build();
        call_well_and_ill(&service).await;
        let hand = Hand::default();
        let exporting = Exporter::new().start(&hand);
        let series = hand.collect();
        let of = of(&series, "otel\\n\\u{202e}odd");
        assert!(of.iter().any(|(name, _)| name.starts_with("resilience.calls{")), "{series:#?}");
        for missing in ["bulkhead", "partitions", "fallbacks", "wait", "cache_hits"] {
            assert!(of.iter().all(|(name, _)| !name.contains(missing)), "{missing}: {of:#?}");
        }
        assert!(of.iter().all(|(_, value)| value.is_finite()), "{of:#?}");
        drop(exporting);
    });
}

#[test]
fn the_values_of_one_collection_are_of_one_moment_and_those_of_the_next_are_new() {
    runtime().block_on(async {
        let service = calm("otel_moment");
        call_well_and_ill(&service).await;
        let hand = Hand::default();
        let exporting = Exporter::new().start(&hand);
        for round in 1..=3_u32 {
            let series = hand.collect();
            let calls = series["resilience.calls{dependency=otel_moment,outcome=success}"];
            let attempts =
                series["resilience.attempts{dependency=otel_moment,attempt_type=original,outcome=success}"];
            assert_eq!((calls, attempts), (f64::from(round), f64::from(round)));
            assert_eq!(service.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
        }
        drop(exporting);
    });
}

#[test]
fn whoever_takes_a_value_may_collect_as_well() {
    let hand = Hand::default();
    let exporting = Exporter::new().start(&hand);
    runtime().block_on(call_well_and_ill(&calm("otel_within")));
    let (done, is_done) = channel();
    thread::spawn(move || done.send(hand.collect_within()));
    let inner = is_done.recv_timeout(Duration::from_mins(1)).expect("it waits for a lock of its own");
    assert!(inner.len() > 5, "{}", inner.len());
    for series in inner {
        assert!(of(&series, "otel_within").len() > 5, "{series:?}");
    }
    drop(exporting);
}

#[test]
fn a_panic_within_a_callback_ends_there() {
    let hand = Hand::default();
    let exporting = Exporter::new().start(&hand);
    let mut asked = 0;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        hand.panic_within(&mut || {
            asked += 1;
            panic!("an SDK that panics");
        });
    }));
    assert!(outcome.is_ok() && asked > 1, "{asked}");
    let series = hand.collect();
    assert!(!series.is_empty(), "the next collection is as any other");
    drop(exporting);
    let _ = monitor();
}
