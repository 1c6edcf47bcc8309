//! A reader of OpenTelemetry that collects, and a Prometheus that scrapes, while foreign code runs, wherever the library calls
//! it: neither waits for a lock that a call holds there.

#[path = "../../otel/hand.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod hand;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use resilience_runtime::export::otel::Exporter;
use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::{Monitor, monitor, testing};

use self::hand::Hand;
use super::is_quiescent;
use crate::script::{Answer, ask, configure};

/// A collection takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

thread_local! {
    static HAND: RefCell<Option<(Hand, Monitor)>> = const { RefCell::new(None) };
    static COLLECTED: Cell<u32> = const { Cell::new(0) };
    /// How often foreign code has run.
    static PLACES: Cell<u32> = const { Cell::new(0) };
    static IS_STUCK: Cell<bool> = const { Cell::new(false) };
}

/// Foreign code runs: collects on another thread, as a reader does, and waits for it. On this one, a lock that is held here
/// would be an end without a word.
pub(super) fn collect() {
    // Threads that end have none.
    let Ok(Some((hand, monitor))) = HAND.try_with(|hand| hand.borrow().clone()) else { return };
    // At the first places, and at ever fewer later: each collection is of all sites of this program, and there are thousands.
    PLACES.set(PLACES.get() + 1);
    if IS_STUCK.get() || !PLACES.get().is_power_of_two() {
        return;
    }
    let (done, is_done) = channel();
    thread::spawn(move || {
        let page = render(&monitor.dashboard_data(), Format::Text);
        assert!(page.contains("resilience_calls_total{dependency=\"svc\""), "{page}");
        done.send(hand.collect().len())
    });
    match is_done.recv_timeout(PATIENCE) {
        Ok(series) => {
            assert!(series > 0);
            COLLECTED.set(COLLECTED.get() + 1);
        }
        Err(_) => IS_STUCK.set(true),
    }
}

/// Plays a scene with a collection at every place of foreign code.
pub(super) async fn play<F: Future<Output = u64>>(what: &str, settings: &str, scene: &impl Fn() -> F) {
    testing::isolated(async {
        configure(settings);
        assert_eq!(ask(Answer(0)).await, Ok(0));
        let hand = Hand::default();
        let exporting = Exporter::new().start(&hand);
        HAND.set(Some((hand, monitor())));
        COLLECTED.set(0);
        PLACES.set(0);
        let panicked = scene().await;
        HAND.set(None);
        assert!(!IS_STUCK.get(), "{what}: a collection waits for what a call holds while foreign code runs");
        assert!(COLLECTED.get() > 0, "{what}: no foreign code was called");
        drop(exporting);
        is_quiescent(&format!("{what}, with collections, {settings}"), panicked).await;
    })
    .await;
}
