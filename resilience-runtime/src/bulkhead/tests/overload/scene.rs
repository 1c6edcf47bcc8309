//! A service under load, event by event, over the real bulkhead: calls come, wait, are woken and polled, run and end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Wake, Waker};

use rand::RngExt as _;
use rand::rngs::SmallRng;

use super::super::{Entered, Rig, Seat, Waiter, poll_at};
use crate::bulkhead::{Ask, Granted};
use crate::clock::Tick;
use crate::policy::BulkheadSettings;
use crate::priority::Priority;

pub(super) const MS: u64 = 1_000_000;

/// When the first call comes.
pub(super) const FIRST: u64 = MS;

/// How long bodies take, with a mean of 20 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Body {
    Even,
    Uniform,
    LogNormal,
}

impl Body {
    pub(super) const MEAN: u64 = 20 * MS;

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some milliseconds")]
    pub(super) fn draw(self, chance: &mut SmallRng) -> u64 {
        match self {
            Self::Even => Self::MEAN,
            Self::Uniform => chance.random_range(10 * MS..30 * MS),
            Self::LogNormal => {
                let (spread, mean) = (0.8_f64, 20.0_f64);
                let (one, two): (f64, f64) = (chance.random(), chance.random());
                let normal = (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * two).cos();
                (1e6 * (mean.ln() - spread * spread / 2.0 + spread * normal).exp()) as u64
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    pub(super) seats: u32,
    pub(super) body: Body,
    /// The mean time from one call to the next.
    pub(super) every: u64,
    /// Whether calls come at random, and not one after the other.
    pub(super) at_random: bool,
    pub(super) deadline: u64,
    pub(super) max_wait: u64,
    pub(super) max_queue: u32,
    pub(super) calls: usize,
    /// How long a task that is woken waits until it is polled, body or waiter.
    pub(super) lag: u64,
    pub(super) mixed: bool,
    pub(super) seed: u64,
}

impl Default for Scene {
    /// The scene of the overload: nearly three times what one seat can do, with time for two and a half bodies.
    fn default() -> Self {
        Self {
            seats: 1,
            body: Body::Even,
            every: 7 * MS,
            at_random: false,
            deadline: 50 * MS,
            max_wait: 1_000 * MS,
            max_queue: 64,
            calls: 2_857,
            lag: 0,
            mixed: false,
            seed: 1,
        }
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Waits,
    Runs,
    Served {
        at: u64,
    },
    /// Its body was cut off.
    CutOff,
    /// It never ran. `is_full` says that it found no room in the queue.
    Refused {
        at: u64,
        is_full: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) came: u64,
    pub(super) fate: Fate,
    /// When its body began, if it did.
    pub(super) began: u64,
}

#[derive(Debug)]
pub(super) struct Report {
    pub(super) calls: Vec<Call>,
    /// In the order in which their bodies began.
    pub(super) began: Vec<usize>,
    pub(super) until: u64,
    scene: Scene,
}

impl Report {
    fn served(&self) -> impl Iterator<Item = u64> {
        self.calls.iter().filter_map(|call| match call.fate {
            Fate::Served { at } => Some(at - call.came),
            _ => None,
        })
    }

    /// How many were served.
    pub(super) fn good(&self) -> usize {
        self.served().count()
    }

    /// The share of what the seats could have done.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn goodput(&self) -> f64 {
        let most = self.until as f64 * f64::from(self.scene.seats) / Body::MEAN as f64;
        self.good() as f64 / most
    }

    /// The share of all calls that were served.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn success(&self) -> f64 {
        self.good() as f64 / self.calls.len() as f64
    }

    /// The share of bodies that were started for nothing.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn waste(&self) -> f64 {
        1.0 - self.good() as f64 / self.began.len() as f64
    }

    /// The latency of half of those who were served.
    pub(super) fn median(&self) -> u64 {
        let mut served: Vec<u64> = self.served().collect();
        served.sort_unstable();
        served.get(served.len() / 2).copied().unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A body ends, and with it gives its seat back.
    End(usize),
    Come,
    /// A task is polled that was woken, or whose timer went off.
    Poll(usize),
}

/// Notes who is woken.
struct Bell(usize, Arc<Mutex<Vec<usize>>>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.1.lock().expect("nobody panics with it").push(self.0);
    }
}

struct Play<'r> {
    scene: Scene,
    rig: &'r Rig,
    settings: BulkheadSettings,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    woken: Arc<Mutex<Vec<usize>>>,
    calls: Vec<Call>,
    waiters: Vec<Option<Waiter<'r>>>,
    seats: Vec<Option<Seat>>,
    began: Vec<usize>,
    bodies: SmallRng,
    arrivals: SmallRng,
    until: u64,
}

impl Scene {
    /// The chances of arrivals and of bodies, which are the same whatever becomes of a call.
    pub(super) fn chances(self) -> (SmallRng, SmallRng) {
        let seeded = |salt| rand::SeedableRng::seed_from_u64(self.seed ^ salt);
        (seeded(0), seeded(0xABCD))
    }

    /// The priority of a call: one in ten is `Critical`, four are `Low`.
    pub(super) fn priority(self, chance: &mut SmallRng) -> Priority {
        match chance.random_range(0..10) {
            0 if self.mixed => Priority::Critical,
            1..3 if self.mixed => Priority::High,
            6.. if self.mixed => Priority::Low,
            _ => Priority::Normal,
        }
    }

    /// The time to the next call.
    pub(super) fn gap(self, chance: &mut SmallRng) -> u64 {
        if self.at_random { exponential(chance, self.every) } else { self.every }
    }

    pub(super) fn play(self) -> Report {
        let rig = Rig::default();
        let (arrivals, bodies) = self.chances();
        let mut play = Play {
            scene: self,
            rig: &rig,
            settings: BulkheadSettings {
                max_concurrent: self.seats,
                max_queue: self.max_queue,
                max_wait: std::time::Duration::from_nanos(self.max_wait),
                ..BulkheadSettings::default()
            },
            events: BinaryHeap::from([Reverse((FIRST, Event::Come))]),
            woken: Arc::default(),
            calls: Vec::new(),
            waiters: Vec::new(),
            seats: Vec::new(),
            began: Vec::new(),
            bodies,
            arrivals,
            until: 0,
        };
        while let Some(Reverse((now, event))) = play.events.pop() {
            play.step(now, event);
            let woken = std::mem::take(&mut *play.woken.lock().expect("nobody panics with it"));
            for id in woken {
                play.at(now + self.lag, Event::Poll(id));
            }
        }
        let Play { calls, began, until, .. } = play;
        assert_eq!((rig.in_flight(), rig.queue_depth()), (0, 0), "everything comes back");
        Report { calls, began, until, scene: self }
    }
}

impl Play<'_> {
    fn at(&mut self, time: u64, event: Event) {
        self.events.push(Reverse((time, event)));
    }

    fn step(&mut self, now: u64, event: Event) {
        match event {
            Event::Come => self.come(now),
            Event::Poll(id) => self.poll(id, now),
            Event::End(id) => {
                let Call { came, began, .. } = self.calls[id];
                let is_served = now < came + self.scene.deadline;
                self.calls[id].fate = if is_served { Fate::Served { at: now } } else { Fate::CutOff };
                let seat = self.seats[id].take().expect("it has one");
                let body = std::time::Duration::from_nanos(now - began);
                self.rig.give_back(seat, Some(body), Tick(now), Some(&self.settings));
            }
        }
    }

    fn come(&mut self, now: u64) {
        let Scene { calls, deadline, max_wait, lag, .. } = self.scene;
        let id = self.calls.len();
        let priority = self.scene.priority(&mut self.arrivals);
        self.calls.push(Call { came: now, fate: Fate::Waits, began: u64::MAX });
        self.waiters.push(None);
        self.seats.push(None);
        if self.calls.len() < calls {
            let next = now + self.scene.gap(&mut self.arrivals);
            self.at(next, Event::Come);
        } else {
            self.until = now;
        }
        if let Some(seat) = self.rig.try_acquire(&self.settings) {
            return self.run(id, seat, now);
        }
        let ask = Ask { priority, now: Tick(now), call: Tick(now), deadline: Tick(now + deadline) };
        match self.rig.ask(ask, &self.settings) {
            Ok(Entered::Seated(seat)) => self.run(id, seat, now),
            Ok(Entered::Waits(waiter)) => {
                self.waiters[id] = Some(waiter);
                self.at(now + max_wait.min(deadline) + lag, Event::Poll(id));
                self.poll(id, now);
            }
            Err(_) => self.calls[id].fate = Fate::Refused { at: now, is_full: true },
        }
    }

    fn poll(&mut self, id: usize, now: u64) {
        let Some(waiter) = &mut self.waiters[id] else { return };
        let Scene { deadline, max_wait, .. } = self.scene;
        let waker = Waker::from(Arc::new(Bell(id, Arc::clone(&self.woken))));
        let is_time_up = now >= self.calls[id].came + max_wait.min(deadline);
        let Poll::Ready(outcome) = poll_at(waiter, now, is_time_up, &waker) else { return };
        self.waiters[id] = None;
        match outcome {
            Ok(Granted { seat, .. }) => self.run(id, seat, now),
            Err(_) => self.calls[id].fate = Fate::Refused { at: now, is_full: false },
        }
    }

    fn run(&mut self, id: usize, seat: Seat, now: u64) {
        let deadline = self.calls[id].came + self.scene.deadline;
        if now >= deadline {
            self.calls[id].fate = Fate::Refused { at: now, is_full: false };
            return self.rig.give_back(seat, None, Tick(now), Some(&self.settings));
        }
        self.calls[id] = Call { fate: Fate::Runs, began: now, ..self.calls[id] };
        self.began.push(id);
        self.seats[id] = Some(seat);
        let body = self.scene.body.draw(&mut self.bodies);
        self.at((now + body).min(deadline), Event::End(id));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "some milliseconds"
)]
fn exponential(chance: &mut SmallRng, mean: u64) -> u64 {
    let share: f64 = chance.random();
    (mean as f64 * -(1.0 - share).ln()) as u64
}
