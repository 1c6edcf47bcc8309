//! Loom models of permits between local counters, word and queue: two or three attempts under every interleaving.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Waker;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use loom::thread;

use super::super::{BulkheadPermit, Enqueued};
use super::rig::Rig;
use super::{RecordingWaker, of, poll_with};
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::policy::LocalPermitLimits;
use crate::sync::explored::{Fault, Wrong, explore, explore_within, finds};

/// One local permit per thread, as long as fewer than all permits are taken.
fn local_limits(limit: u32) -> LocalPermitLimits {
    LocalPermitLimits { limit, keep_below: limit, per_thread: 1 }
}

/// A bulkhead, and how many attempts are between acquiring a permit and releasing it.
struct Case {
    rig: Rig,
    settings: BulkheadSettings,
    in_use: AtomicU32,
    /// One per waiter, by slot.
    wakers: [Arc<RecordingWaker>; 3],
    asleep: AtomicU32,
}

impl Case {
    fn of(permits: u32) -> Arc<Self> {
        Arc::new(Self {
            rig: Rig::default(),
            settings: of(permits, 8),
            in_use: AtomicU32::new(0),
            wakers: Default::default(),
            asleep: AtomicU32::new(0),
        })
    }

    fn acquired(&self) {
        let before = self.in_use.fetch_add(1, Ordering::Relaxed);
        assert!(before < self.settings.max_concurrent, "more run at once than may");
    }

    fn take(&self, slot: usize) -> Option<BulkheadPermit> {
        let permit = self.rig.try_acquire_on(Slot::nth(slot), &self.settings)?;
        self.acquired();
        Some(permit)
    }

    fn release(&self, slot: usize, permit: BulkheadPermit) {
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        let limits = local_limits(self.settings.max_concurrent);
        self.rig.release_with(Slot::nth(slot), limits, permit, Some(&self.settings));
    }

    /// Releases a permit as a local one, even if all are taken.
    fn releases_locally(&self, slot: usize) {
        let permit = self.take(slot).expect("a permit is free");
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        let limits = local_limits(self.settings.max_concurrent + 1);
        self.rig.release_with(Slot::nth(slot), limits, permit, Some(&self.settings));
    }

    /// Acquires a permit, or waits for one, and keeps it.
    fn come(&self, slot: usize) {
        if self.take(slot).is_some() {
            return;
        }
        match self.rig.enqueue(Priority::Normal, Tick(0), &self.settings).expect("room to wait") {
            Enqueued::Acquired(permit) => self.keep(permit),
            Enqueued::Queued(mut waiter) => {
                if let Some(permit) = poll_with(&mut waiter, &Waker::from(Arc::clone(&self.wakers[slot]))) {
                    self.keep(permit);
                } else {
                    self.asleep.fetch_add(1, Ordering::Relaxed);
                    mem::forget(waiter);
                }
            }
        }
    }

    /// Acquires a permit and releases it, or leaves the queue at once.
    fn come_and_go(&self, slot: usize) {
        match self.take(slot) {
            Some(permit) => self.release(slot, permit),
            None => {
                match self.rig.enqueue(Priority::Normal, Tick(0), &self.settings).expect("room to wait") {
                    Enqueued::Acquired(permit) => {
                        self.acquired();
                        self.release(slot, permit);
                    }
                    Enqueued::Queued(waiter) => drop(waiter),
                }
            }
        }
    }

    /// Dropping the value does not release the permit.
    fn keep(&self, BulkheadPermit { .. }: BulkheadPermit) {
        self.acquired();
    }

    /// Checks the result when all threads are done.
    fn ends(&self) {
        let times_woken =
            self.wakers.iter().map(|waker| u32::try_from(waker.times_woken()).expect("few")).sum::<u32>();
        (0..times_woken).for_each(|_| self.acquired());
        let asleep = self.asleep.load(Ordering::Relaxed) - times_woken;
        let in_use = self.in_use.load(Ordering::Relaxed);
        assert!(asleep == 0 || in_use == self.settings.max_concurrent, "{asleep} sleep beside a free permit");
        assert_eq!((self.rig.queue_depth(), self.rig.in_flight()), (asleep, in_use));
    }
}

/// Runs these closures at the same time, and checks the result.
fn together(
    case: &Arc<Case>,
    one: impl FnOnce(&Case) + 'static,
    other: impl FnOnce(&Case) + 'static,
    this: impl FnOnce(&Case),
) {
    let spawn = |run: Box<dyn FnOnce(&Case)>| {
        let case = Arc::clone(case);
        thread::spawn(move || run(&case))
    };
    let threads = [spawn(Box::new(one)), spawn(Box::new(other))];
    this(case);
    for thread in threads {
        thread.join().expect("it ends well");
    }
    case.ends();
}

/// One permit is released while two attempts arrive. There are no local permits.
fn a_permit_comes_back_while_two_come() {
    let case = Case::of(2);
    let permit = case.take(0).expect("a permit is free");
    together(&case, |case| case.come(1), |case| case.come(2), |case| case.release(0, permit));
}

/// The same with a local permit of a thread that has ended.
fn a_permit_comes_back_while_one_is_kept_locally() {
    let case = Case::of(2);
    let permit = case.take(0).expect("a permit is free");
    case.releases_locally(2);
    together(&case, |case| case.come(1), |case| case.come(2), |case| case.release(0, permit));
}

/// The same, released as a local permit of a thread whose counter is not allocated yet.
fn a_permit_comes_back_into_new_local_permits() {
    let case = Case::of(2);
    let permit = case.take(2).expect("a permit is free");
    together(&case, |case| case.come(1), |case| case.come(2), |case| case.release(0, permit));
}

fn three_come_for_two_permits() {
    let case = Case::of(2);
    together(&case, |case| case.come(1), |case| case.come(2), |case| case.come(0));
}

/// All permits are taken, one of them as a local one: its owner comes for it, and so does a thread that finds the
/// word full.
fn a_local_permit_is_reclaimed_while_its_owner_comes() {
    let case = Case::of(2);
    let _kept = case.take(2).expect("a permit is free");
    case.releases_locally(0);
    together(&case, |case| case.come(1), |_| {}, |case| case.come(0));
}

/// A waiter leaves just as a permit is released that may have been meant for it. Another one keeps waiting.
fn a_waiter_leaves_as_a_permit_comes_back() {
    let case = Case::of(1);
    let permit = case.take(0).expect("a permit is free");
    together(&case, |case| case.come(1), |case| case.come_and_go(2), |case| case.release(0, permit));
}

/// The limit changes as permits move.
fn a_reload_comes_between() {
    let case = Case::of(2);
    let permit = case.take(0).expect("a permit is free");
    case.releases_locally(2);
    together(
        &case,
        |case| case.come(1),
        |case| case.rig.reshape(Some(&of(1, 8))),
        |case| case.release(0, permit),
    );
}

#[test]
fn loom_no_waiter_sleeps_beside_a_permit_that_comes_back() {
    explore(a_permit_comes_back_while_two_come);
    explore(a_permit_comes_back_into_new_local_permits);
}

#[test]
fn loom_no_waiter_sleeps_beside_a_local_permit() {
    explore(a_permit_comes_back_while_one_is_kept_locally);
}

#[test]
fn loom_no_waiter_sleeps_beside_a_permit_of_one_who_left() {
    explore_within(2, a_waiter_leaves_as_a_permit_comes_back);
}

#[test]
fn loom_never_run_more_than_may() {
    explore(three_come_for_two_permits);
    explore(a_local_permit_is_reclaimed_while_its_owner_comes);
}

#[test]
fn loom_no_permit_is_lost_when_the_limit_changes() {
    explore(a_reload_comes_between);
}

const LOCAL_PROTOCOL: &str = "bulkhead/local_protocol.rs";
const LOCAL_PERMITS: &str = "bulkhead/local_permits.rs";
const SHARED_STATE: &str = "bulkhead/shared_state.rs";

#[test]
fn loom_finds_a_release_without_its_second_look() {
    let fault = [Fault::new(Wrong::Blind(0), LOCAL_PROTOCOL, "load(Ordering::SeqCst) < keep_below ||")];
    finds(&fault, a_permit_comes_back_while_two_come);
}

#[test]
fn loom_finds_local_permits_that_are_said_to_be_empty_without_care() {
    let fault = [Fault::new(Wrong::Careless, LOCAL_PROTOCOL, "compare_exchange(RECLAIMING, NONE")];
    finds(&fault, a_permit_comes_back_while_one_is_kept_locally);
}

#[test]
fn loom_finds_a_release_that_is_not_ordered_with_the_first_waiter() {
    let mut side = Fault::weak(
        LOCAL_PROTOCOL,
        &[
            "shared.local_state.load(Ordering::SeqCst) != SOME",
            "shared.local_state.store(SOME, Ordering::SeqCst)",
            "shared.word.load(Ordering::SeqCst) < keep_below ||",
        ],
    );
    side.push(Fault::new(Wrong::Weak, LOCAL_PERMITS, "self.0.fetch_add(1, Ordering::SeqCst)"));
    finds(&side, a_permit_comes_back_while_two_come);
}

#[test]
fn loom_finds_a_first_waiter_that_is_not_ordered_with_a_release() {
    let mut side = Fault::weak(
        LOCAL_PROTOCOL,
        &[
            "let local_state = self.shared.local_state.load(Ordering::SeqCst)",
            "let word = self.shared.word.load(Ordering::SeqCst)",
            "shared.local_state.load(Ordering::SeqCst) != NONE",
            "shared.local_state.store(RECLAIMING, Ordering::SeqCst)",
            "fence(Ordering::SeqCst)",
        ],
    );
    side.push(Fault::new(Wrong::Weak, SHARED_STATE, "self.word.compare_exchange_weak(old, new"));
    finds(&side, a_permit_comes_back_while_two_come);
}

#[test]
fn loom_finds_a_permit_that_is_taken_in_two_steps() {
    finds(
        &[Fault::new(Wrong::Torn, SHARED_STATE, "self.word.compare_exchange_weak(old, new")],
        three_come_for_two_permits,
    );
    let taken = [Fault::new(Wrong::Torn, LOCAL_PERMITS, ".compare_exchange_weak(permits, permits - 1")];
    finds(&taken, a_local_permit_is_reclaimed_while_its_owner_comes);
}
