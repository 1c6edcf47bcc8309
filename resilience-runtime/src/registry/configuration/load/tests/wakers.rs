//! Wakers that come back into the library while they are woken by a change of settings: they must find no lock of ours.

use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use resilience_settings::Priority;

use super::*;
use crate::bulkhead::{Enqueued, Granted, PermitRequest, Refused, Waiter};
use crate::clock::Tick;
use crate::registry::{Definition, Target};

const ONE_PERMIT: &str = "[services.a]\nbulkhead.max_concurrent = 1\n";
const TWO_PERMITS: &str = "[services.a]\nbulkhead.max_concurrent = 2\n";

/// What a waker does when it is woken.
struct Inline(Box<dyn Fn() + Send + Sync>);

impl Wake for Inline {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

/// Takes the only permit of a bulkhead, which stays taken, and waits for another with that waker.
fn wait(target: Target, waker: &Waker) -> Waiter<'static> {
    let settings = target.service().policy().bulkhead.as_ref().expect("it is on");
    let now = target.service().now();
    let ask = PermitRequest { priority: Priority::Normal, now, call: now, deadline: Tick::MAX };
    let Ok(Enqueued::Acquired(_)) = target.state().acquire_permit(settings, ask) else {
        panic!("it is free")
    };
    let Ok(Enqueued::Queued(mut waiter)) = target.state().acquire_permit(settings, ask) else {
        panic!("the permit is taken")
    };
    assert!(poll(&mut waiter, waker).is_pending());
    waiter
}

fn poll(waiter: &mut Waiter<'static>, waker: &Waker) -> Poll<Result<Granted, Refused>> {
    waiter.poll_granted(&mut Context::from_waker(waker), Tick::NEVER, false)
}

/// Runs it on a thread of its own, which hangs if there is a deadlock.
fn ends<T: Send + 'static>(change: impl FnOnce() -> T + Send + 'static) -> T {
    let (ended, is_over) = mpsc::channel();
    let runtime = tokio::runtime::Handle::current();
    thread::spawn(move || {
        let _inside = runtime.enter();
        let _ = ended.send(change());
    });
    is_over.recv_timeout(Duration::from_secs(10)).expect("it waits for a lock that it holds")
}

/// A change of the settings of `a` that gives it a second permit, made while a waiter is in the queue.
type Change = fn(&'static Registry);

fn changes() -> [(&'static str, Change); 5] {
    [
        ("a load", |registry| drop(registry.apply(file(TWO_PERMITS)))),
        ("a load that has to resolve anew what was touched", |registry| {
            let file = file(TWO_PERMITS);
            let plan = registry.plan(&registry.program(), &file);
            registry.lock().touch("a");
            registry.switch(Arc::new(file), plan).1.wake();
        }),
        ("an update", |registry| {
            registry.update_service("a", &Patch::new().bulkhead_max_concurrent(2)).unwrap();
        }),
        ("an update that is taken back", |registry| {
            assert!(registry.clear_update("a"));
        }),
        ("a site that nobody had linked", |registry| {
            bind_handle(registry, "a", &Patch::new().bulkhead(false));
        }),
    ]
}

fn bind_handle(registry: &'static Registry, service: &str, settings: &Patch) {
    registry.bind_unwritten(&Definition { service, caller: "test", at: Location::caller(), settings });
}

/// A registry whose service `a` has one permit, for each of the changes.
fn with_one_permit(change: &str) -> &'static Registry {
    let registry = registry();
    let one = Patch::new().bulkhead_max_concurrent(1);
    match change {
        "an update that is taken back" => {
            registry.apply(file(TWO_PERMITS));
            registry.update_service("a", &one).unwrap();
        }
        "a site that nobody had linked" => {
            static INLINE: [(Key, Value); 1] = [(Key::MaxConcurrent, Value::Count(1))];
            let site = site("a", &INLINE);
            learn(registry, site);
        }
        _ => drop(registry.apply(file(ONE_PERMIT))),
    }
    registry
}

#[tokio::test]
async fn a_waker_may_make_the_first_call_of_another_service_whatever_wakes_it() {
    for (what, change) in changes() {
        let registry = with_one_permit(what);
        let target = registry.bind(site("a", &[])).service().target();
        let calls = Arc::new(AtomicBool::new(false));
        let called = Arc::clone(&calls);
        let waker = Waker::from(Arc::new(Inline(Box::new(move || {
            registry.bind(site("b", &[]));
            bind_handle(registry, "c", &Patch::new().max_attempts(2));
            called.store(true, Ordering::Relaxed);
        }))));
        let mut waiter = wait(target, &waker);
        ends(move || change(registry));
        assert!(calls.load(Ordering::Relaxed), "{what} wakes the waiter");
        let permit = poll(&mut waiter, Waker::noop());
        assert!(matches!(permit, Poll::Ready(Ok(_))), "{what} gives it a permit");
        assert!(registry.service("b").is_some() && registry.service("c").is_some());
    }
}

#[tokio::test]
async fn a_waker_of_a_partition_may_use_the_partitions_of_its_service() {
    let registry = registry();
    registry.apply(file(ONE_PERMIT));
    let service = registry.bind(site("a", &[])).service();
    let partition = service.lease(&"tenant", || None, service.now()).expect("there is room");
    let waker = Waker::from(Arc::new(Inline(Box::new(move || {
        assert_eq!(service.partitions(), 1);
        let other = service.lease(&"other", || None, service.now()).expect("there is room");
        other.leave();
    }))));
    let mut waiter = wait(Target::new(service, partition), &waker);
    ends(move || registry.apply(file(TWO_PERMITS)));
    assert_eq!(service.partitions(), 2);
    assert!(poll(&mut waiter, Waker::noop()).is_ready());
}

#[tokio::test]
async fn a_waker_that_panics_leaves_nothing_half_in_force_and_nobody_asleep() {
    let registry = registry();
    registry.apply(file(ONE_PERMIT));
    let bound = registry.bind(site("a", &[]));
    let target = bound.service().target();
    let mut panicking =
        wait(target, &Waker::from(Arc::new(Inline(Box::new(|| panic!("a waker that panics"))))));
    let later = registry.bind(site("z", &[]));
    let text = "[services.a]\nmax_attempts = 7\nbulkhead = 'off'\n[services.z]\nmax_attempts = 8\n";
    let findings = registry.apply(file(text));
    assert_eq!(findings.len(), 2, "the load goes to its end: {findings:?}");
    assert_eq!([bound, later].map(attempts), [7, 8]);
    assert!(poll(&mut panicking, Waker::noop()).is_ready());
    assert_eq!(registry.reloads().applied, 2);
}
