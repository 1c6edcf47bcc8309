//! What threads count is counted once, however many threads there are.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};

use super::*;

#[derive(Default)]
struct Counter(AtomicU64);

/// Counts in `threads` threads, all alive at once, in the slots that they choose.
fn count(counters: &Sharded<Counter>, threads: usize, slot: impl Fn() -> Slot + Sync) {
    let all_alive = Barrier::new(threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let slot = slot();
                all_alive.wait();
                for _ in 0..1_000 {
                    slot.add(&counters.part(slot).0, 1);
                }
                all_alive.wait();
            });
        }
    });
}

fn sum(counters: &Sharded<Counter>) -> u64 {
    counters.iter().map(|part| part.0.load(Ordering::Relaxed)).sum()
}

#[test]
fn two_hundred_threads_have_a_part_each_and_no_addition_is_lost() {
    let counters = Sharded::<Counter>::new();
    for round in 1..3 {
        let slots = Mutex::new(BTreeSet::new());
        count(&counters, 200, || {
            let slot = Slot::current();
            let owner = Slot::of_owner(|slot, _| Some(slot));
            assert_eq!(owner, Some(slot), "it goes the short way");
            assert!(slots.lock().unwrap().insert(slot.0), "nobody else has it");
            slot
        });
        assert_eq!(sum(&counters), round * 200_000, "threads that ended have handed on their parts");
    }
}

#[test]
fn those_who_share_a_part_lose_no_addition() {
    let counters = Sharded::<Counter>::new();
    count(&counters, 8, || COMMON);
    assert_eq!(sum(&counters), 8_000);
    assert_eq!(counters.iter().count(), 1);
}

#[test]
fn every_slot_has_a_part_of_its_own() {
    let counters = Sharded::<Counter>::new();
    let all = || (0..=SHARED).map(Slot::nth);
    assert!(all().all(|slot| counters.existing(slot).is_none()));
    for slot in all() {
        slot.add(&counters.part(slot).0, slot.0 as u64);
    }
    for slot in all() {
        assert_eq!(counters.part(slot).0.load(Ordering::Relaxed), slot.0 as u64);
        assert_eq!(counters.existing(slot).map(|part| part.0.load(Ordering::Relaxed)), Some(slot.0 as u64));
    }
    assert_eq!(counters.iter().count(), SHARED + 1);
    assert!(all().all(|slot| slot.own().is_some() == (slot.0 < SHARED)));
}

#[test]
fn a_reader_sees_each_part_whatever_the_order_in_which_they_are_made() {
    let counters = Sharded::<Counter>::new();
    for (made, place) in (1..).zip([NEAR - 1, 0, SHARED, NEAR / 2, NEAR + 1]) {
        let slot = Slot::nth(place);
        slot.add(&counters.part(slot).0, 1);
        assert_eq!((counters.iter().count(), sum(&counters)), (made, made as u64), "{place}");
    }
}

#[test]
fn a_program_with_few_threads_has_few_parts() {
    let counters = Sharded::<Counter>::new();
    counters.part(Slot::nth(NEAR - 1));
    assert!(counters.far.get().is_none());
    counters.part(Slot::nth(NEAR + 7));
    assert_eq!(counters.far.get().map(|far| far.segments.iter().filter_map(OnceBox::get).count()), Some(1));
    assert_eq!(size_of::<Sharded<Counter>>(), 66 * size_of::<usize>());
}

/// Counts once more when the thread-locals of its thread are dropped.
struct Late<'a>(&'a Sharded<Counter>);

thread_local! {
    static LATE: Cell<Option<Late<'static>>> = const { Cell::new(None) };
}

impl Drop for Late<'_> {
    fn drop(&mut self) {
        let slot = Slot::current();
        slot.add(&self.0.part(slot).0, 1);
    }
}

#[test]
fn a_thread_that_is_torn_down_counts_in_a_part_that_is_not_handed_on() {
    let counters: &'static Sharded<Counter> = Box::leak(Box::default());
    for _ in 0..2_000 {
        std::thread::spawn(move || {
            // Created before the lease, so dropped after it.
            LATE.set(Some(Late(counters)));
            let slot = Slot::current();
            slot.add(&counters.part(slot).0, 1);
            assert_eq!(slot, Slot::current());
        })
        .join()
        .expect("the thread ends well");
    }
    let sum: u64 = counters.iter().map(|part| part.0.load(Ordering::Relaxed)).sum();
    let shared = counters.part(COMMON).0.load(Ordering::Relaxed);
    assert_eq!(sum, 4_000);
    assert!(shared >= 2_000, "{shared} of 2,000 late ones");
}
