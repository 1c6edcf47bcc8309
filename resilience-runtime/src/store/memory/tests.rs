//! Claims, results and their lifetimes go in; what the memory store answers, holds and forgets comes out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use super::MemoryLimits;
use super::entry::Claimed;
use super::records::{Readings, Records};
use crate::clock::Tick;
use crate::store::{Completion, Fingerprint, Holder, Owner, RecordName, Release, Renewal};

const LEASE: Duration = Duration::from_secs(10);
const TTL: Duration = Duration::from_secs(1_000);
const FP: Fingerprint = Fingerprint::NONE;

fn name(key: u32) -> RecordName {
    RecordName::new("", "svc", "scope", &key.to_be_bytes())
}

fn at(seconds: u64) -> Tick {
    Tick(seconds * 1_000_000_000)
}

fn records(results: u32) -> Records<Arc<u32>> {
    Records::new(MemoryLimits::new().results(results))
}

impl Records<Arc<u32>> {
    fn claims(&self, key: u32, owner: Owner, seconds: u64) -> Claimed<Arc<u32>> {
        self.claim(name(key), owner, FP, LEASE, at(seconds))
    }

    fn stores(&self, key: u32, owner: Owner, value: u32, seconds: u64) -> Completion {
        self.complete(name(key), owner, FP, TTL, (Some(Arc::new(value)), 4), at(seconds))
    }

    fn finds(&self, key: u32, seconds: u64) -> bool {
        let prober = Owner::random();
        let found = matches!(self.claims(key, prober, seconds), Claimed::Done(_));
        self.release(name(key), prober, at(seconds));
        found
    }
}

fn is_granted<V>(claimed: &Claimed<V>) -> bool {
    matches!(claimed, Claimed::Granted(_))
}

#[test]
fn a_lease_is_one_call_s_until_it_runs_out_and_tokens_rise() {
    let (records, [a, b]) = (records(10), [Owner::random(), Owner::random()]);
    let Claimed::Granted(first) = records.claims(1, a, 0) else { panic!("the record is new") };
    assert_eq!(records.claims(1, b, 9), Claimed::Running { until: at(10) });
    assert_eq!(records.claims(1, a, 9), Claimed::Granted(first), "its owner has asked again");
    assert_eq!(records.claims(1, b, 18), Claimed::Running { until: at(19) });
    let Claimed::Granted(second) = records.claims(1, b, 19) else { panic!("the lease has run out") };
    assert!(second > first);
    assert_eq!(records.renew(name(1), a, LEASE, at(19)), Renewal::Lost);
    assert_eq!(records.stores(1, a, 1, 19), Completion::LostTo(Holder::Running));
    assert_eq!(records.release(name(1), a, at(19)), Release::NotHeld);
    assert_eq!(records.renew(name(1), b, LEASE, at(20)), Renewal::Extended);
    assert_eq!(records.stores(1, b, 2, 29), Completion::Stored);
    assert_eq!(records.claims(1, a, 1_028), Claimed::Done(Some(Arc::new(2))), "the ttl counts from its end");
    assert_eq!(records.renew(name(1), b, LEASE, at(1_028)), Renewal::Done);
    assert!(is_granted(&records.claims(1, a, 1_029)), "and is not prolonged by a replay or a renewal");
}

#[test]
fn a_full_store_takes_new_results_and_removes_those_not_used_for_longest() {
    let records = records(3);
    for key in 0..3 {
        assert_eq!(records.stores(key, Owner::random(), key, 0), Completion::Kept);
    }
    assert!(records.finds(0, 1), "it is used");
    for key in 3..5 {
        records.stores(key, Owner::random(), key, 2);
    }
    let kept: Vec<_> = (0..5).filter(|key| records.finds(*key, 3)).collect();
    assert_eq!(kept, [0, 3, 4]);
    assert_eq!(records.early(), 2);
}

/// The policy of moka's default refuses newcomers while others are popular.
#[test]
fn new_results_are_there_at_their_first_replay_however_popular_the_old_are() {
    let records = records(100);
    for key in 0..100 {
        records.stores(key, Owner::random(), key, 0);
    }
    for _ in 0..50 {
        assert!((0..100).all(|key| records.finds(key, 1)));
    }
    for key in 100..1_100 {
        records.stores(key, Owner::random(), key, 2);
        assert!(records.finds(key, 2), "{key}");
    }
}

#[test]
fn a_running_lease_is_never_removed_for_want_of_room() {
    let records = records(1);
    let owners: Vec<_> = (0..100).map(|key| (key, Owner::random())).collect();
    for (key, owner) in &owners {
        assert!(is_granted(&records.claims(*key, *owner, 0)));
    }
    for key in 1_000..2_000 {
        records.stores(key, Owner::random(), key, 1);
    }
    for (key, owner) in &owners {
        assert_eq!(records.renew(name(*key), *owner, LEASE, at(2)), Renewal::Extended);
    }
}

#[test]
fn a_result_whose_time_is_over_makes_room_without_being_counted() {
    let records = records(1);
    records.stores(1, Owner::random(), 1, 0);
    records.stores(2, Owner::random(), 2, 1_000);
    assert_eq!((records.early(), records.readings().results), (0, 1));
    records.stores(3, Owner::random(), 3, 1_999);
    assert_eq!(records.early(), 1);
}

#[test]
fn bytes_are_bounded_and_one_value_alone_does_not_remove_all_others() {
    let records: Records<Arc<u32>> = Records::new(MemoryLimits::new().results(100).bytes(10));
    let store = |key, bytes| {
        records.complete(name(key), Owner::random(), FP, TTL, (Some(Arc::new(key)), bytes), at(0))
    };
    for key in 0..4 {
        store(key, 3);
    }
    assert_eq!(records.readings(), Readings { results: 3, leases: 0, bytes: 9, early: 1 });
    store(9, 11);
    assert_eq!(records.readings(), Readings { results: 4, leases: 0, bytes: 9, early: 1 });
    assert_eq!(records.claims(9, Owner::random(), 1), Claimed::Done(None), "done, without its value");
}

/// A key is rarely seen again, so nothing else would find a lease that was cut off, or a result whose time is over.
#[test]
fn what_is_over_does_not_pile_up() {
    let records = records(1_000_000);
    for key in 0..20_000 {
        let (owner, second) = (Owner::random(), u64::from(key) / 10);
        assert!(is_granted(&records.claims(key, owner, second)));
        if key % 2 == 0 {
            records.complete(name(key), owner, FP, LEASE, (None, 0), at(second));
        }
    }
    let Readings { results, leases, early, .. } = records.readings();
    // A hundred of them are alive at any time, and 64 shards have places of their own.
    assert!(results + leases < 400, "{results} and {leases}");
    assert_eq!(early, 0);
}

#[derive(Default)]
struct Bell(AtomicU32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn one_waiter_is_called_when_the_lease_is_free_and_all_when_there_is_a_result() {
    let (records, owner) = (records(10), Owner::random());
    records.claims(1, owner, 0);
    let bells: Vec<_> = (0..3).map(|_| Arc::<Bell>::default()).collect();
    let waiters: Vec<_> = bells.iter().map(|_| records.waiter(name(1))).collect();
    let poll = || -> Vec<bool> {
        let polled =
            waiters.iter().zip(&bells).map(|(waiter, bell)| waiter.poll(&Waker::from(Arc::clone(bell))));
        polled.map(|polled| polled.is_ready()).collect()
    };
    let rung = || -> Vec<u32> { bells.iter().map(|bell| bell.0.load(Ordering::Relaxed)).collect() };
    assert_eq!(poll(), [false; 3]);
    records.release(name(1), Owner::random(), at(1));
    assert_eq!(rung(), [0, 0, 0], "it was not that owner's");
    records.release(name(1), owner, at(1));
    assert_eq!((rung(), poll()), (vec![1, 0, 0], vec![true, false, false]));
    records.claims(1, owner, 2);
    records.stores(1, owner, 5, 3);
    assert_eq!((rung(), poll()), (vec![1, 1, 1], vec![true; 3]));
    drop(waiters);
    assert_eq!(records.shard(&name(1)).lock().unwrap().line.len(), 0, "nothing is left of the line");
}

#[test]
fn a_waiter_that_goes_after_it_was_called_calls_the_next_and_one_that_was_overtaken_comes_first() {
    let (records, owner) = (records(10), Owner::random());
    records.claims(1, owner, 0);
    let [a, mut b, c] = [(), (), ()].map(|()| records.waiter(name(1)));
    let waker = Waker::noop();
    records.release(name(1), owner, at(1));
    assert!(a.poll(waker).is_ready());
    drop(a);
    assert!(b.poll(waker).is_ready(), "called by the one that went");
    b.answer();
    let other = Owner::random();
    assert!(is_granted(&records.claims(1, other, 2)), "overtaken");
    b.join();
    records.release(name(1), other, at(3));
    assert_eq!((b.poll(waker), c.poll(waker)), (Poll::Ready(()), Poll::Pending));
    b.answer();
    drop(b);
    assert_eq!(c.poll(waker), Poll::Pending, "it has asked, so the record is no longer free for the next");
}

#[test]
fn a_finished_record_is_found_without_a_claim_and_counts_as_used() {
    let (records, owner) = (records(2), Owner::random());
    let found =
        |key, seconds| records.done(name(key), at(seconds)).map(|(_, value)| value.map(|value| *value));
    for key in [1, 2] {
        assert!(is_granted(&records.claims(key, owner, 0)));
        assert_eq!(found(key, 0), None, "it runs");
        records.stores(key, owner, key, 0);
    }
    assert_eq!((found(1, 5), found(3, 5)), (Some(Some(1)), None));
    assert!(is_granted(&records.claims(3, owner, 5)));
    records.stores(3, owner, 3, 5);
    // The one that was found has been used since the other was.
    assert_eq!((found(1, 6), found(2, 6), found(3, 6)), (Some(Some(1)), None, Some(Some(3))));
    assert_eq!(found(1, 1_000), None, "its time is over");
    assert_eq!(records.done(name(3), at(7)).map(|(of, _)| of), Some(FP));
}

#[test]
fn a_record_that_the_waiter_that_was_called_does_not_come_for_is_also_the_next_one_s() {
    let (records, owner) = (records(10), Owner::random());
    let millis = |millis: u64| Tick(millis * 1_000_000);
    records.claims(1, owner, 0);
    let [a, b, c] = [(), (), ()].map(|()| records.waiter(name(1)));
    assert_eq!(b.kept_until(millis(0)), None, "nobody was called");
    records.release(name(1), owner, millis(1_000));
    assert_eq!((a.kept_until(millis(1_000)), b.kept_until(millis(1_000))), (None, Some(millis(1_100))));
    assert_eq!(c.kept_until(millis(1_099)), Some(millis(1_100)));
    let waker = Waker::noop();
    assert_eq!(b.poll(waker), Poll::Pending);
    assert_eq!(c.kept_until(millis(1_100)), Some(millis(1_200)), "it is also b's, for as long");
    assert_eq!([&a, &b, &c].map(|waiter| waiter.poll(waker).is_ready()), [true, true, false]);
    assert_eq!((b.kept_until(millis(1_100)), c.kept_until(millis(1_200))), (None, None), "and then c's");
    // None of those that were called keeps others from it once it is taken.
    records.claims(1, owner, 1);
    let d = records.waiter(name(1));
    assert_eq!((d.kept_until(millis(1_201)), c.kept_until(millis(1_201))), (None, None));
    drop((a, b, c, d));
    assert_eq!(records.shard(&name(1)).lock().unwrap().line.len(), 0);
}
