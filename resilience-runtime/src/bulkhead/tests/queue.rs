//! Acquiring permits, waiting for them, and leaving the queue.

use std::sync::{Arc, OnceLock};
use std::task::{Wake, Waker};

use resilience_settings::Priority;

use super::super::Waiter;
use super::super::enqueued::QueueFull;
use super::{Enqueued, MS, RecordingWaker, Rig, of, poll, poll_with, wait};
use crate::clock::Tick;

#[test]
fn no_more_run_than_the_limit_and_no_more_wait_than_the_queue_holds() {
    let (bulkhead, settings) = (Rig::default(), of(2, 1));
    let permits = [(); 2].map(|()| bulkhead.try_acquire(&settings).unwrap());
    assert!(bulkhead.try_acquire(&settings).is_none());
    let waiter = wait(&bulkhead, Priority::Normal, 0, &settings);
    let refused = bulkhead.enqueue(Priority::Normal, Tick(0), &settings);
    assert_eq!(refused.err(), Some(QueueFull));
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (2, 1));
    drop(waiter);
    for permit in permits {
        bulkhead.release(permit, Some(&settings));
    }
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}

#[test]
fn a_queue_of_none_refuses_at_once_unless_a_permit_has_come_free() {
    let (bulkhead, settings) = (Rig::default(), of(1, 0));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    assert_eq!(bulkhead.enqueue(Priority::Normal, Tick(0), &settings).err(), Some(QueueFull));
    bulkhead.release(permit, Some(&settings));
    let entered = bulkhead.enqueue(Priority::Normal, Tick(0), &settings);
    let Ok(Enqueued::Acquired(permit)) = entered else { panic!("{entered:?}") };
    assert_eq!(bulkhead.in_flight(), 1);
    bulkhead.release(permit, Some(&settings));
}

#[test]
fn a_freed_permit_belongs_to_the_waiter_and_not_to_a_newcomer() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    let waker = Arc::new(RecordingWaker::default());
    let mut waiter = wait(&bulkhead, Priority::Low, 0, &settings);
    assert!(poll_with(&mut waiter, &Waker::from(Arc::clone(&waker))).is_none());
    bulkhead.release(permit, Some(&settings));
    assert_eq!(waker.times_woken(), 1);
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (1, 0));
    assert!(bulkhead.try_acquire(&settings).is_none());
    let mut newcomer = wait(&bulkhead, Priority::Critical, MS, &settings);
    assert!(poll(&mut newcomer).is_none());
    bulkhead.release(poll(&mut waiter).unwrap(), Some(&settings));
    bulkhead.release(poll(&mut newcomer).unwrap(), Some(&settings));
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn permits_go_by_priority_then_by_time_and_long_waiting_makes_up_for_priority() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let mut permit = bulkhead.try_acquire(&settings).unwrap();
    let came = [
        ("patient", Priority::Low, 0),
        ("first", Priority::Normal, 600),
        ("second", Priority::Normal, 601),
        ("important", Priority::High, 602),
        ("urgent", Priority::Critical, 700),
        ("late", Priority::Critical, 751),
    ];
    let mut waiters: Vec<(&str, Waiter<'_>)> =
        came.map(|(name, priority, at)| (name, wait(&bulkhead, priority, at * MS, &settings))).into();
    for expected in ["urgent", "patient", "late", "important", "first", "second"] {
        bulkhead.release(permit, Some(&settings));
        let mut acquired = waiters
            .iter_mut()
            .enumerate()
            .filter_map(|(place, (_, waiter))| Some((place, poll(waiter)?)))
            .collect::<Vec<_>>();
        assert_eq!(acquired.len(), 1);
        let (place, next) = acquired.remove(0);
        assert_eq!(waiters.remove(place).0, expected);
        permit = next;
    }
    bulkhead.release(permit, Some(&settings));
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn a_waiter_that_is_dropped_with_its_permit_passes_it_on() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    let gone = wait(&bulkhead, Priority::Normal, 0, &settings);
    let left = wait(&bulkhead, Priority::Normal, 1, &settings);
    let mut last = wait(&bulkhead, Priority::Normal, 2, &settings);
    let waker = Arc::new(RecordingWaker::default());
    assert!(poll_with(&mut last, &Waker::from(Arc::clone(&waker))).is_none());
    bulkhead.release(permit, Some(&settings));
    drop(left);
    assert_eq!(waker.times_woken(), 0);
    drop(gone);
    assert_eq!(waker.times_woken(), 1);
    bulkhead.release(poll(&mut last).unwrap(), Some(&settings));
    drop(last);
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}

#[test]
fn only_the_latest_waker_is_woken() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    let mut waiter = wait(&bulkhead, Priority::Normal, 0, &settings);
    let wakers = [(); 2].map(|()| Arc::new(RecordingWaker::default()));
    for waker in &wakers {
        assert!(poll_with(&mut waiter, &Waker::from(Arc::clone(waker))).is_none());
    }
    bulkhead.release(permit, Some(&settings));
    assert_eq!(wakers.map(|waker| waker.times_woken()), [0, 1]);
}

/// A task that owns a waiter of the bulkhead that wakes it: dropping its last waker drops the waiter.
struct Task(OnceLock<Waiter<'static>>);

impl Wake for Task {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_waker_that_takes_a_waiter_of_the_same_bulkhead_with_it_does_not_deadlock() {
    let (bulkhead, settings): (&'static Rig, _) = (Box::leak(Box::default()), of(1, 9));
    let task = || {
        let task = Task(OnceLock::new());
        assert!(task.0.set(wait(bulkhead, Priority::Normal, 0, &settings)).is_ok());
        Waker::from(Arc::new(task))
    };
    let permit = bulkhead.try_acquire(&settings).unwrap();
    let mut waiter = wait(bulkhead, Priority::Critical, 0, &settings);
    assert!(poll_with(&mut waiter, &task()).is_none());
    assert!(poll_with(&mut waiter, &task()).is_none(), "the first waker was replaced");
    drop(waiter);
    assert_eq!(bulkhead.queue_depth(), 0, "the second waker went with its waiter");
    let mut waiter = wait(bulkhead, Priority::Critical, 0, &settings);
    assert!(poll_with(&mut waiter, &task()).is_none());
    bulkhead.release(permit, Some(&settings));
    assert_eq!(bulkhead.queue_depth(), 0, "the third was woken");
    drop(waiter);
    assert_eq!(bulkhead.in_flight(), 0);
}
