//! Wakers that panic affect only their own tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};

use resilience_settings::policy::RateSettings;

use super::super::{Entry, RateLimit, SlotAnswer, SlotWaiter};
use super::{MS, S, drain, of};
use crate::clock::Tick;
use crate::policy::Pace;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Panics {
    WhenWoken,
    WhenDropped,
}

struct TestWaker {
    rung: Arc<AtomicU32>,
    panics: Option<Panics>,
}

impl Wake for TestWaker {
    fn wake(self: Arc<Self>) {
        self.rung.fetch_add(1, Ordering::Relaxed);
        assert!(self.panics != Some(Panics::WhenWoken), "the waker panics");
    }
}

impl Drop for TestWaker {
    fn drop(&mut self) {
        assert!(self.panics != Some(Panics::WhenDropped), "what goes with the waker panics");
    }
}

fn queue_up<'a>(limit: &'a RateLimit, settings: &RateSettings) -> SlotWaiter<'a> {
    match limit.enter(Pace::of(settings), Tick(S), Tick::MAX) {
        Ok(Entry::Queued(waiter)) => waiter,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_waker_that_panics_keeps_nobody_else_from_being_notified_or_from_its_slot() {
    for panics in [Panics::WhenWoken, Panics::WhenDropped] {
        let (limit, settings) = (RateLimit::default(), of(100.0, 1, 9 * S));
        let pace = Pace::of(&settings);
        drain(&limit, &settings, S);
        let rung = Arc::new(AtomicU32::new(0));
        // The waker is dropped after the poll, so that the queue holds the only one.
        let ask = |waiter: &mut SlotWaiter<'_>, now: u64, panics| {
            let waker = Waker::from(Arc::new(TestWaker { rung: Arc::clone(&rung), panics }));
            let heard = waiter.ask(pace, Tick(now), &Context::from_waker(&waker));
            // Leaked: dropping it is the task's own business, and its panic is not under test here.
            std::mem::forget(waker);
            match heard {
                SlotAnswer::Slot(slot) => {
                    slot.consume();
                    true
                }
                SlotAnswer::AskAt(_) => false,
                SlotAnswer::GaveUp(_) => panic!("it has time"),
            }
        };
        let mut waiters = [(); 5].map(|()| queue_up(&limit, &settings));
        for (number, waiter) in waiters.iter_mut().enumerate() {
            assert!(!ask(waiter, S, (number == 1 || number == 2).then_some(panics)));
        }
        let [mut first, second, third, mut fourth, mut fifth] = waiters;
        // It takes its slot, and notifies the second, whose waker panics, and the third, whose waker panics too.
        assert!(ask(&mut first, S + 10 * MS, None));
        // They leave one after another, and the others are notified.
        drop(second);
        drop(third);
        assert!(rung.load(Ordering::Relaxed) >= 3, "{rung:?}");
        assert!(!ask(&mut fourth, S + 11 * MS, None));
        assert!(ask(&mut fourth, S + 20 * MS, Some(panics)));
        limit.reshape(Some(&settings), None, Tick(S + 21 * MS)).wake();
        limit.reshape(None, Some(&settings), Tick(S + 22 * MS)).wake();
        assert!(ask(&mut fifth, S + 30 * MS, Some(panics)));
        drop((first, fourth, fifth));
        assert!(limit.is_idle(Tick(S + 40 * MS)), "nobody waits any more");
    }
}

/// A waker may own a task that waits for this same limit: wakers are cloned, woken and dropped outside of the lock.
#[test]
fn a_waker_may_come_back_to_the_limit() {
    struct Returns(Option<SlotWaiter<'static>>, &'static RateLimit);
    impl Wake for Returns {
        fn wake(self: Arc<Self>) {
            self.1.reshape(None, None, Tick(S)).wake();
        }
    }
    impl Drop for Returns {
        fn drop(&mut self) {
            drop(self.0.take());
        }
    }
    let (limit, settings): (&'static RateLimit, _) = (Box::leak(Box::default()), of(100.0, 1, 9 * S));
    drain(limit, &settings, S);
    let mut waiters = [(); 6].map(|()| Some(queue_up(limit, &settings)));
    for number in 0..3 {
        let inner = waiters[2 * number + 1].take();
        let waker = Waker::from(Arc::new(Returns(inner, limit)));
        let waiter = waiters[2 * number].as_mut().unwrap();
        assert!(matches!(
            waiter.ask(Pace::of(&settings), Tick(S), &Context::from_waker(&waker)),
            SlotAnswer::AskAt(_)
        ));
    }
    // Dropped by the next waker, by the end of the waiter, and by its slot.
    let mut first = waiters[0].take().unwrap();
    let waker = Waker::noop();
    assert!(matches!(
        first.ask(Pace::of(&settings), Tick(S + 1), &Context::from_waker(waker)),
        SlotAnswer::AskAt(_)
    ));
    drop(waiters);
    assert!(matches!(
        first.ask(Pace::of(&settings), Tick(S + 10 * MS), &Context::from_waker(waker)),
        SlotAnswer::Slot(_)
    ));
    assert!(limit.is_idle(Tick(S + 20 * MS)));
}
