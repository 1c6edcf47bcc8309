//! Random scripts against a bulkhead that is written for plainness: a list of who waits, and a count. The model
//! knows of no pockets: whichever slots the seats are taken and given back on must make no difference.

use proptest::prelude::*;

use super::super::line::LEVEL;
use super::super::{Entered, Seat, Waiter};
use super::{MS, Rig, of, poll};
use crate::clock::{Tick, nanos};
use crate::policy::BulkheadSettings;
use crate::priority::Priority;
use crate::shard::{EXCLUSIVE, Slot};

#[derive(Clone, Debug)]
enum Step {
    Come(u64, usize),
    /// Takes seats until so many are free.
    Fill(u32, usize),
    Release(prop::sample::Index, usize),
    /// Gives back all but so many.
    Clear(usize, usize),
    Leave(prop::sample::Index),
    Ask(prop::sample::Index),
    Pass(u64),
    Reload(Option<(u32, u32)>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..4_u64, slot()).prop_map(|(level, slot)| Step::Come(level, slot)),
        2 => (0..4_u32, slot()).prop_map(|(free, slot)| Step::Fill(free, slot)),
        5 => (any::<prop::sample::Index>(), slot()).prop_map(|(which, slot)| Step::Release(which, slot)),
        1 => (0..12_usize, slot()).prop_map(|(left, slot)| Step::Clear(left, slot)),
        2 => any::<prop::sample::Index>().prop_map(Step::Leave),
        3 => any::<prop::sample::Index>().prop_map(Step::Ask),
        3 => (0..400 * MS).prop_map(Step::Pass),
        1 => prop::option::weighted(0.8, (prop_oneof![1..6_u32, 14..36_u32], 0..6_u32)).prop_map(Step::Reload),
    ]
}

/// A thread with a pocket of its own; the last one is that of all threads beyond.
fn slot() -> impl Strategy<Value = usize> {
    prop_oneof![0..3_usize, Just(EXCLUSIVE)]
}

/// Who waits, as the levels below critical, the time of coming and the number of coming.
#[derive(Default)]
struct Model {
    in_flight: u32,
    waiting: Vec<(u64, u64, u64)>,
}

impl Model {
    fn seat(&mut self, limit: u32) {
        while self.in_flight < limit {
            let first = self
                .waiting
                .iter()
                .copied()
                .enumerate()
                .min_by_key(|(_, (below, at, number))| (at + below * nanos(LEVEL), *number));
            let Some((place, _)) = first else { break };
            self.waiting.remove(place);
            self.in_flight += 1;
        }
    }

    fn waits(&self, number: u64) -> bool {
        self.waiting.iter().any(|(.., waiting)| *waiting == number)
    }
}

fn limit(settings: Option<&BulkheadSettings>) -> u32 {
    settings.map_or(u32::MAX, |settings| settings.max_concurrent)
}

const BY_LEVEL: [Priority; 4] = [Priority::Critical, Priority::High, Priority::Normal, Priority::Low];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn seats_and_their_order_are_those_of_the_plain_model(
        first in prop_oneof![Just(2_u32), Just(16), Just(33)],
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let bulkhead = Rig::default();
        let mut settings = Some(of(first, 3));
        let mut model = Model::default();
        let mut seats: Vec<Seat> = Vec::new();
        let mut waiters: Vec<(u64, Waiter<'_>)> = Vec::new();
        let mut now = 0;
        for (number, step) in (0_u64..).zip(steps) {
            match step {
                Step::Come(below, slot) => {
                    let Some(settings) = &settings else { continue };
                    let free = model.in_flight < settings.max_concurrent && model.waiting.is_empty();
                    let seat = bulkhead.try_acquire_on(Slot::nth(slot), settings);
                    prop_assert_eq!(seat.is_some(), free);
                    if free {
                        seats.extend(seat);
                        model.in_flight += 1;
                    } else {
                        let level = usize::try_from(below).expect("below 4");
                        let entered = bulkhead.enqueue(BY_LEVEL[level], Tick(now), settings);
                        let room = model.waiting.len() < settings.max_queue as usize;
                        prop_assert_eq!(matches!(entered, Ok(Entered::Waits(_))), room);
                        if let Ok(Entered::Waits(waiter)) = entered {
                            waiters.push((number, waiter));
                            model.waiting.push((below, now, number));
                        }
                    }
                }
                Step::Fill(free, slot) => {
                    let Some(settings) = &settings else { continue };
                    if model.waiting.is_empty() {
                        for _ in model.in_flight..settings.max_concurrent.saturating_sub(free) {
                            let seat = bulkhead.try_acquire_on(Slot::nth(slot), settings);
                            prop_assert!(seat.is_some());
                            seats.extend(seat);
                            model.in_flight += 1;
                        }
                    }
                }
                Step::Clear(left, slot) => {
                    while seats.len() > left {
                        bulkhead.release_on(Slot::nth(slot), seats.remove(0), settings.as_ref());
                        model.in_flight -= 1;
                        model.seat(limit(settings.as_ref()));
                    }
                }
                Step::Release(which, slot) if !seats.is_empty() => {
                    let seat = seats.swap_remove(which.index(seats.len()));
                    bulkhead.release_on(Slot::nth(slot), seat, settings.as_ref());
                    model.in_flight -= 1;
                    model.seat(limit(settings.as_ref()));
                }
                Step::Leave(which) if !waiters.is_empty() => {
                    let (number, waiter) = waiters.swap_remove(which.index(waiters.len()));
                    drop(waiter);
                    if model.waits(number) {
                        model.waiting.retain(|(.., waiting)| *waiting != number);
                    } else {
                        model.in_flight -= 1;
                        model.seat(limit(settings.as_ref()));
                    }
                }
                Step::Ask(which) if !waiters.is_empty() => {
                    let place = which.index(waiters.len());
                    let seat = poll(&mut waiters[place].1);
                    prop_assert_eq!(seat.is_none(), model.waits(waiters[place].0));
                    if seat.is_some() {
                        seats.extend(seat);
                        drop(waiters.swap_remove(place));
                    }
                }
                Step::Pass(time) => now += time,
                Step::Reload(new) => {
                    settings = new.map(|(limit, queue)| of(limit, queue));
                    bulkhead.reshape(settings.as_ref());
                    model.seat(limit(settings.as_ref()));
                }
                _ => {}
            }
            prop_assert_eq!(bulkhead.in_flight(), model.in_flight);
            prop_assert!(model.waiting.is_empty() || bulkhead.counted() == model.in_flight, "no seat lies idle");
            prop_assert_eq!(bulkhead.queue_depth() as usize, model.waiting.len());
            prop_assert!(model.waiting.is_empty() || model.in_flight > 0, "somebody is there to hand on a seat");
        }
        drop(waiters);
        for seat in seats {
            bulkhead.release(seat, settings.as_ref());
        }
        prop_assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
    }
}
