//! The adaptive limit against a simulated service that does a fixed number of things at once and queues the rest.

use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use super::{MS, Rig, S, of, permits};
use crate::clock::Tick;

fn adaptive(min_concurrent: u32, max_concurrent: u32) -> BulkheadSettings {
    settings!(BulkheadSettings { adaptive: true, min_concurrent, ..of(max_concurrent, 0) })
}

/// Takes all permits that the limit allows, for a time: an attempt takes `base` while no more than `room` run, and
/// longer in proportion when more do. Above `refuses`, it is refused at once.
struct Load {
    bulkhead: Rig,
    settings: BulkheadSettings,
    now: u64,
    base: u64,
    room: u64,
    refuses: u32,
    demand: u32,
    /// How often there was no permit at all.
    turned_away: u32,
}

impl Load {
    fn new(settings: BulkheadSettings) -> Self {
        Self {
            bulkhead: Rig::default(),
            settings,
            now: 0,
            base: 20 * MS,
            room: 20,
            refuses: u32::MAX,
            demand: u32::MAX,
            turned_away: 0,
        }
    }

    fn limit(&self) -> u32 {
        self.bulkhead.limit(&self.settings)
    }

    /// All attempts that run start and end together: a round is as long as its attempts.
    fn run_for(&mut self, time: u64) -> Vec<u32> {
        let until = self.now + time;
        let mut limits = Vec::new();
        while self.now < until {
            let running = self.limit().saturating_sub(self.bulkhead.in_flight()).min(self.demand);
            if running == 0 {
                // No attempt ends, and one more arrives.
                let refused = self.bulkhead.enqueue(Priority::Normal, Tick(self.now), &self.settings);
                self.turned_away += u32::from(refused.is_err());
                self.now += MS;
                continue;
            }
            let held = permits(&self.bulkhead, running as usize, &self.settings);
            let latency = self.base * u64::from(running).max(self.room) / self.room;
            self.now += latency;
            for (place, permit) in (0..).zip(held) {
                let ok = place < self.refuses;
                self.bulkhead.observe(Duration::from_nanos(latency), ok, Tick(self.now), &self.settings);
                self.bulkhead.release(permit, Some(&self.settings));
            }
            limits.push(self.limit());
        }
        limits
    }
}

#[test]
fn it_settles_where_the_service_begins_to_queue_and_stays_there() {
    let mut load = Load::new(adaptive(1, 500));
    assert_eq!(load.limit(), 22, "half way in powers");
    load.settings.max_concurrent = 200;
    load.run_for(30 * S);
    // 1.5 * 20 + the root of the limit.
    assert!((30..=40).contains(&load.limit()), "{}", load.limit());
    // Ten minutes of full load must not make the queueing the normal state.
    let limits = load.run_for(600 * S);
    assert!(limits.iter().all(|limit| (12..=40).contains(limit)), "{limits:?}");
}

#[test]
fn it_finds_the_floor_even_when_it_starts_far_above() {
    let mut load = Load::new(adaptive(80, 200));
    load.run_for(10 * S);
    load.settings.min_concurrent = 1;
    // Each probe halves what it learned too much.
    load.run_for(300 * S);
    assert!((20..=45).contains(&load.limit()), "{}", load.limit());
}

#[test]
fn a_service_that_has_become_slower_for_good_gets_its_limit_back() {
    let mut load = Load::new(adaptive(2, 100));
    load.run_for(30 * S);
    let before = load.limit();
    load.base *= 4;
    let limits = load.run_for(20 * S);
    assert!(limits.iter().any(|limit| *limit <= before / 2), "taken for overload at first");
    load.run_for(60 * S);
    assert!(load.limit() + 5 >= before, "{} of {before}", load.limit());
}

#[test]
fn drops_take_it_down_to_where_nothing_is_dropped() {
    let mut load = Load::new(adaptive(1, 200));
    load.room = 1_000;
    load.refuses = 40;
    let limits = load.run_for(20 * S);
    assert!(limits[200..].iter().all(|limit| (33..=45).contains(limit)), "{limits:?}");
}

#[test]
fn it_stays_between_its_bounds_and_follows_them_at_once() {
    let mut load = Load::new(adaptive(5, 30));
    load.room = 1_000;
    load.run_for(20 * S);
    assert_eq!(load.limit(), 30);
    load.refuses = 0;
    load.run_for(20 * S);
    assert_eq!(load.limit(), 5);
    load.settings = adaptive(7, 9);
    assert_eq!(load.limit(), 7);
    load.settings = adaptive(9, 3);
    assert_eq!(load.limit(), 3, "the most counts");
    load.settings = of(64, 0);
    assert_eq!(load.limit(), 64, "a fixed limit learns nothing");
    load.settings = adaptive(0, 0);
    assert_eq!(load.limit(), 1);
}

#[test]
fn fewer_than_ten_attempts_change_nothing_however_long_they_take() {
    let (bulkhead, settings) = (Rig::default(), adaptive(1, 100));
    for second in 0..9 {
        bulkhead.observe(Duration::from_secs(1), false, Tick(second * S), &settings);
        assert_eq!(bulkhead.limit(&settings), 10);
    }
    bulkhead.observe(Duration::from_secs(1), false, Tick(9 * S), &settings);
    assert_eq!(bulkhead.limit(&settings), 9);
}

#[test]
fn an_idle_service_does_not_raise_it() {
    let mut load = Load::new(adaptive(16, 400));
    load.demand = 20;
    let limits = load.run_for(20 * S);
    // It starts at 80, and 20 is less than half of that.
    assert!(limits.iter().all(|limit| *limit == 80), "{limits:?}");
}

#[test]
fn attempts_that_hang_hold_a_probe_down_for_a_moment_only() {
    let mut load = Load::new(adaptive(1, 100));
    load.room = 1_000;
    load.run_for(20 * S);
    assert_eq!(load.limit(), 100);
    // A little slower, so that nothing confirms the floor, while 60 permits never come back.
    load.base = 24 * MS;
    let hung = permits(&load.bulkhead, 60, &load.settings);
    load.run_for(100 * S);
    assert!(load.turned_away > 0, "a probe found no more than half the permits, all taken");
    assert!(load.turned_away <= 100 + 4 * 24, "{} ms", load.turned_away);
    assert_eq!(load.limit(), 100);
    assert_eq!(hung.len(), 60);
}

#[test]
fn extremes_neither_panic_nor_leave_the_bounds() {
    let (bulkhead, settings) = (Rig::default(), adaptive(1, u32::MAX));
    for now in [0, 1, S, u64::MAX - 1, u64::MAX, 0] {
        for latency in [Duration::ZERO, Duration::MAX] {
            for ok in [true, false] {
                for _ in 0..30 {
                    bulkhead.observe(latency, ok, Tick(now), &settings);
                    assert!(bulkhead.limit(&settings) >= 1);
                }
            }
        }
    }
}
