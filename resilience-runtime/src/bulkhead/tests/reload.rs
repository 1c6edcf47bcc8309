//! Settings that change while attempts run and wait.

use resilience_settings::Priority;

use super::{BulkheadPermit, Enqueued, Rig, of, permits, poll, wait};
use crate::clock::Tick;

#[test]
fn a_higher_limit_permits_waiters_at_once_and_no_more_than_fit() {
    let (bulkhead, old, new) = (Rig::default(), of(1, 9), of(3, 9));
    let permit = bulkhead.try_acquire(&old).unwrap();
    let mut waiters = [0, 1, 2].map(|at| wait(&bulkhead, Priority::Normal, at, &old));
    bulkhead.reshape(Some(&new));
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (3, 1));
    let acquired: Vec<Option<BulkheadPermit>> = waiters.iter_mut().map(poll).collect();
    assert!(matches!(acquired[..], [Some(_), Some(_), None]));
    bulkhead.release(permit, Some(&new));
    assert!(poll(&mut waiters[2]).is_some());
}

#[test]
fn under_a_lower_limit_the_surplus_runs_out_first() {
    let (bulkhead, old, new) = (Rig::default(), of(4, 9), of(2, 9));
    let mut held = permits(&bulkhead, 4, &old);
    let mut waiter = wait(&bulkhead, Priority::Normal, 0, &old);
    bulkhead.reshape(Some(&new));
    for left in [3, 2] {
        bulkhead.release(held.pop().unwrap(), Some(&new));
        assert_eq!(bulkhead.in_flight(), left);
        assert!(poll(&mut waiter).is_none());
        assert!(bulkhead.try_acquire(&new).is_none());
    }
    bulkhead.release(held.pop().unwrap(), Some(&new));
    bulkhead.release(poll(&mut waiter).unwrap(), Some(&new));
    bulkhead.release(held.pop().unwrap(), Some(&new));
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn switching_off_permits_everybody_and_the_count_is_right_when_it_comes_back() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    let mut waiters = [0, 1, 2].map(|at| wait(&bulkhead, Priority::Normal, at, &settings));
    bulkhead.reshape(None);
    let mut held: Vec<_> = waiters.iter_mut().filter_map(poll).collect();
    assert_eq!((held.len(), bulkhead.in_flight()), (3, 4));
    bulkhead.release(permit, None);
    bulkhead.release(held.pop().unwrap(), None);
    bulkhead.reshape(Some(&settings));
    for _ in 0..2 {
        assert!(bulkhead.try_acquire(&settings).is_none());
        bulkhead.release(held.pop().unwrap(), Some(&settings));
    }
    assert!(bulkhead.try_acquire(&settings).is_some());
}

#[test]
fn a_waiter_that_read_the_settings_just_before_they_were_switched_off_is_seated_by_the_next_release() {
    let (bulkhead, settings) = (Rig::default(), of(1, 9));
    let permit = bulkhead.try_acquire(&settings).unwrap();
    bulkhead.reshape(None);
    let mut waiters = [0, 1].map(|at| wait(&bulkhead, Priority::Normal, at, &settings));
    bulkhead.release(permit, None);
    assert!(waiters.iter_mut().all(|waiter| poll(waiter).is_some()));
}

#[test]
fn a_permit_given_back_with_settings_from_before_a_reload_never_strands_the_queue() {
    let (bulkhead, low, high) = (Rig::default(), of(1, 9), of(3, 9));
    let held = permits(&bulkhead, 3, &high);
    let mut waiter = wait(&bulkhead, Priority::Normal, 0, &high);
    for permit in held {
        bulkhead.release(permit, Some(&low));
    }
    bulkhead.release(poll(&mut waiter).unwrap(), Some(&low));
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn a_newcomer_with_a_higher_limit_brings_those_before_it_in() {
    let (bulkhead, old, new) = (Rig::default(), of(1, 9), of(3, 9));
    let permit = bulkhead.try_acquire(&old).unwrap();
    let mut before = wait(&bulkhead, Priority::Low, 0, &old);
    let newcomer = bulkhead.enqueue(Priority::Critical, Tick(1), &new);
    assert!(poll(&mut before).is_some());
    assert!(matches!(newcomer, Ok(Enqueued::Acquired(_))));
    bulkhead.release(permit, Some(&new));
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (2, 0));
}

#[test]
fn a_shorter_queue_turns_nobody_out() {
    let (bulkhead, old, new) = (Rig::default(), of(1, 2), of(1, 1));
    let permit = bulkhead.try_acquire(&old).unwrap();
    let mut waiters = [0, 1].map(|at| wait(&bulkhead, Priority::Normal, at, &old));
    bulkhead.reshape(Some(&new));
    assert!(bulkhead.enqueue(Priority::Normal, Tick(2), &new).is_err());
    bulkhead.release(permit, Some(&new));
    bulkhead.release(poll(&mut waiters[0]).unwrap(), Some(&new));
    assert!(poll(&mut waiters[1]).is_some());
}
