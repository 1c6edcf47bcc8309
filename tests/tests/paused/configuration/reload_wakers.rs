//! A change of settings admits waiters, and wakes them after the library has released its locks: a waker may run its
//! task immediately, and that task may make another function's first call.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use resilience_runtime::{Patch, Rejection, Resilient, comprehensive_retry, registry, testing};

#[comprehensive_retry("admitted", bulkhead(max_concurrent = 1, max_queue = 4, max_wait = "8s"))]
async fn admitted(runs: &AtomicU32) -> Result<(), Rejection> {
    runs.fetch_add(1, Ordering::Relaxed);
    pending().await
}

#[comprehensive_retry("called_first_by_a_waker")]
async fn other() -> Result<(), Rejection> {
    Ok(())
}

type Admitted<'r> = Pin<Box<dyn Future<Output = Result<(), Rejection>> + 'r>>;

/// Makes a first call, and panics after it.
struct Inline {
    woken: Arc<AtomicBool>,
    panics: bool,
}

impl Wake for Inline {
    fn wake(self: Arc<Self>) {
        let call = std::pin::pin!(other());
        assert!(call.poll(&mut Context::from_waker(Waker::noop())).is_ready());
        assert!(registry().reloads().refused == 0);
        self.woken.store(true, Ordering::Relaxed);
        assert!(!self.panics, "the waker panics");
    }
}

/// Two calls wait for the single slot when `change` adds two more.
fn a_change_wakes(change: fn()) {
    let (done, ended) = channel();
    // On a thread of its own, so that a deadlock is a failure and not a test that never ends.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.unwrap().block_on(testing::isolated(async {
            let runs = AtomicU32::new(0);
            let mut calls: Vec<Admitted<'_>> =
                (0..3).map(|_| Box::pin(admitted(&runs)) as Admitted<'_>).collect();
            let woken: Vec<_> = (0..3).map(|_| Arc::new(AtomicBool::new(false))).collect();
            let poll = |number: usize, call: &mut Admitted<'_>| {
                let inline = Inline { woken: Arc::clone(&woken[number]), panics: number == 1 };
                call.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::new(inline))))
            };
            for (number, call) in calls.iter_mut().enumerate() {
                assert!(matches!(poll(number, call), Poll::Pending));
            }
            assert_eq!(runs.load(Ordering::Relaxed), 1);

            change();
            let woken: Vec<bool> = woken.iter().map(|woken| woken.load(Ordering::Relaxed)).collect();
            assert_eq!(woken, [false, true, true], "also the one behind the waker that panics");
            for call in &mut calls[1..] {
                assert!(matches!(poll(0, call), Poll::Pending));
            }
            assert_eq!(runs.load(Ordering::Relaxed), 3);
        }));
        done.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(20)).expect("the change of settings returns");
}

#[test]
fn by_a_file() {
    a_change_wakes(|| {
        let text = "[services.admitted.bulkhead]\nmax_concurrent = 3\n";
        assert!(registry().load_config(text, "r.toml").is_ok());
        assert_eq!(registry().reloads().applied, 1);
    });
}

#[test]
fn by_an_update() {
    a_change_wakes(|| {
        registry().update_service("admitted", &Patch::new().bulkhead_max_concurrent(3)).unwrap();
    });
}

#[test]
fn by_an_update_that_is_taken_back() {
    a_change_wakes(|| {
        registry().update_service("admitted", &Patch::new().bulkhead_max_concurrent(1)).unwrap();
        let text = "[services.admitted.bulkhead]\nmax_concurrent = 3\n";
        assert!(registry().load_config(text, "r.toml").is_ok());
        assert!(registry().clear_update("admitted"));
    });
}

#[test]
fn by_a_call_site_that_contradicts_the_others() {
    a_change_wakes(|| {
        let handle = Resilient::service("admitted").bulkhead_max_concurrent(7).build();
        let call = std::pin::pin!(handle.call(|| async { Ok::<_, Rejection>(()) }));
        assert!(
            call.poll(&mut Context::from_waker(Waker::noop())).is_ready(),
            "there is room for it as well"
        );
    });
}
