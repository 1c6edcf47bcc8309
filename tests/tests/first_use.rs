//! The first use of the registry reports suspicious settings to any subscriber: also to one that calls the registry,
//! makes a call itself, or panics.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use resilience_runtime::{Rejection, comprehensive_retry, registry};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[comprehensive_retry("disputed", kind = Cache)]
async fn one() -> Result<u32, Rejection> {
    Ok(1)
}

#[comprehensive_retry("disputed", kind = Database)]
async fn other() -> Result<u32, Rejection> {
    Ok(2)
}

#[comprehensive_retry("disputed_too", kind = Cache)]
async fn third() -> Result<u32, Rejection> {
    Ok(3)
}

#[comprehensive_retry("disputed_too", kind = Database)]
async fn fourth() -> Result<u32, Rejection> {
    Ok(4)
}

/// Uses the library in each event, and panics in the first ones.
#[derive(Clone, Default)]
struct Nosy {
    heard: Arc<Mutex<Vec<String>>>,
    panics: Arc<AtomicU32>,
}

struct Message<'m>(&'m mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            *self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Nosy {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "resilience::config"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = String::new();
        event.record(&mut Message(&mut message));
        assert!(registry().inventory().len() >= 4);
        // The same function whose first call is under way.
        let call = std::pin::pin!(one());
        assert!(call.poll(&mut Context::from_waker(Waker::noop())).is_ready());
        self.heard.lock().unwrap().push(message);
        let left = self.panics.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        assert!(left.is_err(), "the subscriber panics");
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_subscriber_may_use_the_library_and_panic_while_the_first_call_announces_what_is_odd() {
    let nosy = Nosy::default();
    nosy.panics.store(1, Ordering::Relaxed);
    let heard = Arc::clone(&nosy.heard);
    let (done, ended) = channel();
    // On a thread of its own, so that a deadlock is a failure and not a test that never ends.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tracing::subscriber::with_default(nosy, || {
            runtime.block_on(async {
                assert_eq!(one().await.unwrap(), 1);
                assert_eq!(other().await.unwrap(), 2);
                assert_eq!(third().await.unwrap() + fourth().await.unwrap(), 7);
                assert_eq!(registry().findings().len(), 2);
            });
        });
        done.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(20)).expect("the first call returns");

    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2, "each finding once, also the one after the panic: {heard:?}");
    for service in ["`disputed`", "`disputed_too`"] {
        assert!(heard.iter().any(|message| message.starts_with(service)), "{service}: {heard:?}");
    }
}
