//! Local permits of several threads.

use resilience_settings::Priority;
use resilience_settings::policy::BulkheadSettings;

use super::{BulkheadPermit, Enqueued, Rig, of, permits, poll, wait};
use crate::clock::Tick;
use crate::counting::shard::{EXCLUSIVE, Slot};
use crate::policy::LocalPermitLimits;

/// A thread without local permits.
fn other() -> Slot {
    Slot::nth(7)
}

fn slots() -> [Slot; 3] {
    [Slot::nth(0), Slot::nth(1), Slot::nth(EXCLUSIVE)]
}

/// Releases one permit on each of the three slots, and then acquires the rest of the word on another slot.
fn one_local_permit_each(settings: &BulkheadSettings) -> (Rig, Vec<BulkheadPermit>) {
    let rig = Rig::default();
    for (slot, permit) in slots().into_iter().zip(permits(&rig, 3, settings)) {
        rig.release_on(slot, permit, Some(settings));
    }
    let held = (3..settings.max_concurrent).filter_map(|_| rig.try_acquire_on(other(), settings)).collect();
    (rig, held)
}

#[test]
fn a_permit_given_back_stays_with_the_thread_and_is_not_in_flight() {
    let (rig, settings) = (Rig::default(), of(64, 9));
    for _ in 0..3 {
        let permit = rig.try_acquire(&settings).unwrap();
        assert_eq!((rig.in_flight(), rig.counted()), (1, 1));
        rig.release(permit, Some(&settings));
        assert_eq!((rig.in_flight(), rig.counted()), (0, 1));
    }
}

#[test]
fn a_call_takes_a_local_permit_of_its_own_thread_as_long_as_no_more_are_taken_than_the_limit() {
    let settings = of(20, 9);
    let limits = LocalPermitLimits::of(&settings);
    let [mine, others, _] = slots();
    let rig = Rig::default();
    assert!(!rig.try_acquire_local_on(mine, limits), "it has none");
    for (slot, permit) in [mine, others].into_iter().zip(permits(&rig, 2, &settings)) {
        rig.release_on(slot, permit, Some(&settings));
    }
    assert!(rig.try_acquire_local_on(mine, limits), "far below the limit");
    assert_eq!((rig.in_flight(), rig.counted()), (1, 2));
    assert!(!rig.try_acquire_local_on(mine, limits), "that of another thread is none of its own");

    let (rig, held) = one_local_permit_each(&settings);
    assert_eq!((held.len(), rig.counted()), (17, 20));
    assert!(
        !rig.try_acquire_local_on(mine, LocalPermitLimits { limit: 19, ..limits }),
        "a reload has left a surplus"
    );
    assert!(
        !rig.try_acquire_local_on(mine, LocalPermitLimits { limit: 0, ..limits }),
        "the limit has become adaptive"
    );
    assert_eq!(rig.in_flight(), 17);
    assert!(rig.try_acquire_local_on(mine, limits), "at the limit");
    assert_eq!((rig.in_flight(), rig.counted()), (18, 20));
}

#[test]
fn a_thread_keeps_no_more_than_its_share() {
    for (limit, room) in [(15, 0), (16, 1), (64, 4), (1_000, 8), (u32::MAX, 8)] {
        let (rig, settings) = (Rig::default(), of(limit, 9));
        for permit in permits(&rig, 12, &settings) {
            rig.release(permit, Some(&settings));
        }
        assert_eq!((rig.in_flight(), rig.counted()), (0, room), "of {limit}");
    }
}

#[test]
fn an_adaptive_bulkhead_and_one_that_is_off_keep_no_local_permits() {
    let rig = Rig::default();
    let settings = settings!(BulkheadSettings { adaptive: true, ..of(100, 9) });
    let held = permits(&rig, 2, &settings);
    for (permit, settings) in held.into_iter().zip([Some(&settings), None]) {
        rig.release(permit, settings);
    }
    assert_eq!(rig.counted(), 0);
}

#[test]
fn a_full_bulkhead_takes_the_local_permits_of_others() {
    let settings = of(20, 0);
    let (rig, held) = one_local_permit_each(&settings);
    assert_eq!((rig.in_flight(), rig.counted()), (17, 20));
    let more: Vec<BulkheadPermit> = (0..9).map_while(|_| rig.try_acquire_on(other(), &settings)).collect();
    assert_eq!((more.len(), rig.in_flight()), (3, 20));
    assert!(rig.enqueue(Priority::Critical, Tick(0), &settings).is_err());
    for permit in held.into_iter().chain(more) {
        rig.release(permit, Some(&settings));
    }
    assert_eq!(rig.in_flight(), 0);
}

#[test]
fn the_last_quarter_is_not_kept_locally() {
    let (rig, settings) = (Rig::default(), of(16, 9));
    let mut held = permits(&rig, 16, &settings);
    for left in [15, 14, 13, 12, 11] {
        rig.release(held.pop().unwrap(), Some(&settings));
        assert_eq!((rig.in_flight(), rig.counted()), (left, left), "who comes next need not look for it");
    }
    rig.release(held.pop().unwrap(), Some(&settings));
    assert_eq!((rig.in_flight(), rig.counted()), (10, 11));
}

#[test]
fn a_waiter_that_missed_them_gets_all_local_permits() {
    let settings = of(20, 9);
    let (rig, held) = one_local_permit_each(&settings);
    let mut first = wait(&rig, Priority::Low, 0, &settings);
    let others = [1, 2].map(|at| rig.enqueue(Priority::Low, Tick(at), &settings));
    let [Ok(Enqueued::Acquired(second)), Ok(Enqueued::Acquired(third))] = others else {
        panic!("{others:?}")
    };
    let mut last = wait(&rig, Priority::Low, 3, &settings);
    assert_eq!((rig.in_flight(), rig.counted(), rig.queue_depth()), (20, 20, 1));
    let acquired = [poll(&mut first).expect("the first has found a permit"), second, third];
    assert!(poll(&mut last).is_none());
    for permit in acquired.into_iter().chain(held) {
        rig.release(permit, Some(&settings));
    }
    rig.release(poll(&mut last).unwrap(), Some(&settings));
    assert_eq!(rig.in_flight(), 0);
}

#[test]
fn a_permit_given_back_on_another_slot_goes_to_the_waiter() {
    let (rig, settings) = (Rig::default(), of(16, 9));
    let mut held = permits(&rig, 16, &settings);
    let mut waiter = wait(&rig, Priority::Normal, 0, &settings);
    rig.release_on(Slot::nth(5), held.pop().unwrap(), Some(&settings));
    assert!(poll(&mut waiter).is_some());
    assert_eq!((rig.in_flight(), rig.counted()), (16, 16));
}

#[test]
fn under_a_lower_limit_permits_kept_locally_by_a_late_caller_are_part_of_the_surplus() {
    let (rig, old, new) = (Rig::default(), of(100, 9), of(20, 0));
    let mut held = permits(&rig, 30, &old);
    rig.reshape(Some(&new));
    // It has read the settings before the reload.
    rig.release(held.pop().unwrap(), Some(&old));
    assert_eq!((rig.in_flight(), rig.counted()), (29, 30));
    assert!(rig.try_acquire(&new).is_none(), "29 run already");
    assert_eq!((rig.in_flight(), rig.counted()), (29, 29));
    for _ in 0..9 {
        assert!(rig.try_acquire(&new).is_none());
        rig.release(held.pop().unwrap(), Some(&new));
    }
    assert!(rig.try_acquire(&new).is_none());
    rig.release(held.pop().unwrap(), Some(&new));
    assert!(rig.try_acquire(&new).is_some());
}

#[test]
fn a_late_caller_hides_no_permit_from_a_small_limit_or_from_one_that_was_off() {
    let (rig, old, new) = (Rig::default(), of(100, 9), of(2, 9));
    let mut held = permits(&rig, 3, &old);
    rig.reshape(None);
    for permit in held.drain(..2) {
        rig.release(permit, Some(&old));
    }
    rig.reshape(None);
    assert_eq!((rig.in_flight(), rig.counted()), (1, 1), "a reload reclaims them");
    held.extend(rig.try_acquire(&old));
    rig.release(held.remove(0), Some(&old));
    assert_eq!((rig.in_flight(), rig.counted()), (1, 2));
    held.extend(rig.try_acquire_on(other(), &new));
    assert_eq!((held.len(), rig.in_flight(), rig.counted()), (2, 2, 2));
    assert!(rig.try_acquire(&new).is_none());
}

#[test]
fn a_place_for_another_partition_has_no_local_permits() {
    let (rig, settings) = (Rig::default(), of(64, 9));
    for (slot, permit) in slots().into_iter().zip(permits(&rig, 3, &settings)) {
        rig.release_on(slot, permit, Some(&settings));
    }
    assert_eq!(rig.counted(), 3);
    rig.forget();
    assert_eq!(rig.counted(), 0);
}
