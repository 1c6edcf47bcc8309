//! One execution for three callers, in every interleaving (loom).

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Wake;
use std::time::Duration;

use resilience_settings::policy::CacheMode;

use loom::thread;

use super::*;
use crate::sync::explored::{Fault, Wrong, explore, finds};

static CLOCK: LazyLock<Clock> = LazyLock::new(Clock::new);
const LIMIT: LeadLimit = LeadLimit { deadline: Tick::MAX, nanos: 1 };
const KEY: u8 = 1;

/// What a leader does with the lead.
#[derive(Clone, Copy)]
enum Leader {
    Lands,
    Fails,
    Drops,
}

/// What a waiter does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follower {
    Waits,
    Leaves,
    TakesOver,
}

#[derive(Default)]
struct Bell(AtomicU32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A waiter that had not been woken when it was put here.
struct Asleep {
    waiter: Waiter<u8, u8>,
    bell: Arc<Bell>,
}

/// A cache, and how often the answer has been fetched.
#[derive(Clone)]
struct Scene {
    cache: &'static ResponseCache<u8, u8>,
    fetched: Arc<AtomicU32>,
    settings: Arc<CacheSettings>,
}

impl Scene {
    fn new() -> Self {
        let settings = settings!(CacheSettings {
            ttl: Duration::from_secs(1),
            stale_for: Duration::ZERO,
            capacity: 4,
            mode: CacheMode::ReadThrough,
        });
        let cache = Box::leak(Box::new(ResponseCache::new(settings.capacity)));
        Self { cache, fetched: Arc::default(), settings: Arc::new(settings) }
    }

    fn call(&self, leader: Leader, follower: Follower) -> Option<Asleep> {
        match self.cache.ahead(&KEY, Tick(0), &self.settings, &CLOCK, LIMIT) {
            Ahead::Hit(..) => None,
            Ahead::Lead(lead) => self.lead(lead, leader),
            Ahead::Wait(waiter) if follower == Follower::Leaves => {
                drop(waiter);
                None
            }
            Ahead::Wait(waiter) => {
                if follower == Follower::TakesOver {
                    waiter.take_over(Tick(1));
                }
                self.poll(Asleep { waiter, bell: Arc::default() }, leader)
            }
        }
    }

    fn poll(&self, mut asleep: Asleep, leader: Leader) -> Option<Asleep> {
        match asleep.waiter.poll(&Waker::from(Arc::clone(&asleep.bell))) {
            Poll::Pending => Some(asleep),
            Poll::Ready(Told::Answer(_)) => None,
            Poll::Ready(Told::Lead(lead)) => self.lead(lead, leader),
        }
    }

    fn lead(&self, lead: Lead<u8, u8>, leader: Leader) -> Option<Asleep> {
        match leader {
            Leader::Lands => {
                self.fetched.fetch_add(1, Ordering::Relaxed);
                lead.land(Arc::new(Kept::new(7, Tick(0))));
            }
            Leader::Fails => lead.fail(),
            Leader::Drops => drop(lead),
        }
        None
    }

    /// Three callers at once; then those that were woken continue, until all have an answer. Returns how often it was
    /// fetched.
    fn three_call(self, does: [(Leader, Follower); 3]) -> u32 {
        let [one, other, this] = does;
        let spawned = [one, other].map(|(leader, follower)| {
            let scene = self.clone();
            thread::spawn(move || scene.call(leader, follower))
        });
        let mut asleep: Vec<_> = self.call(this.0, this.1).into_iter().collect();
        for thread in spawned {
            asleep.extend(thread.join().expect("it ends well"));
        }
        while let Some(woken) = asleep.iter().position(|asleep| asleep.bell.0.swap(0, Ordering::Relaxed) > 0)
        {
            let woken = asleep.swap_remove(woken);
            asleep.extend(self.poll(woken, Leader::Lands));
        }
        assert!(asleep.is_empty(), "{} wait for ever", asleep.len());
        assert!(self.cache.flights.is_empty(), "a flight goes on for ever");
        self.fetched.load(Ordering::Relaxed)
    }
}

const CALLER: (Leader, Follower) = (Leader::Lands, Follower::Waits);

fn three_share_one_execution() {
    assert_eq!(Scene::new().three_call([CALLER, CALLER, CALLER]), 1);
}

fn one_is_dropped() {
    let dropped = (Leader::Drops, Follower::Leaves);
    assert_eq!(Scene::new().three_call([dropped, CALLER, CALLER]), 1);
}

fn two_are_dropped() {
    let dropped = (Leader::Drops, Follower::Leaves);
    assert_eq!(Scene::new().three_call([dropped, dropped, CALLER]), 1);
}

fn one_fails() {
    let fetched = Scene::new().three_call([(Leader::Fails, Follower::Waits), CALLER, CALLER]);
    assert!((1..=2).contains(&fetched), "{fetched}");
}

fn one_takes_over() {
    let fetched = Scene::new().three_call([(Leader::Lands, Follower::TakesOver), CALLER, CALLER]);
    assert!((1..=2).contains(&fetched), "{fetched}");
}

#[test]
fn loom_three_callers_share_one_execution() {
    explore(three_share_one_execution);
}

#[test]
fn loom_a_leader_that_stops_leaves_nobody_waiting() {
    explore(one_is_dropped);
    explore(two_are_dropped);
    explore(one_fails);
}

#[test]
fn loom_a_leader_that_is_late_and_the_one_that_follows_it_leave_nobody_waiting() {
    explore(one_takes_over);
}

#[test]
fn loom_finds_a_leader_that_does_not_look_whether_the_answer_has_come() {
    let fault = [Fault::new(Wrong::LeftOut, "degrade/cache.rs", "Some((kept, false)) if !is_left_out()")];
    finds(&fault, three_share_one_execution);
}

#[test]
fn loom_finds_one_that_leaves_without_asking_whether_it_leads() {
    let fault = [Fault::new(Wrong::LeftOut, "degrade/cache.rs", "leave(self.place) && !is_left_out()")];
    finds(&fault, two_are_dropped);
}
