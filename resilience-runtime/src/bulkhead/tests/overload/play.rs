//! Plays a scene over the real bulkhead, event by event: calls come, wait, are woken and polled, run and end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use rand::rngs::SmallRng;

use super::super::{Entered, Rig, Seat, Waiter, poll_at};
use super::scene::{Call, FIRST, Fate, Report, Scene};
use crate::bulkhead::{Ask, Granted};
use crate::clock::Tick;
use crate::policy::BulkheadSettings;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A body ends, and with it gives its seat back.
    End(usize),
    Come,
    /// A task is polled that was woken.
    Poll(usize),
    /// A task is polled whose timer went off, if it is still for then.
    Look(usize),
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
    /// When the timer of each waiter goes off.
    looks: Vec<u64>,
    seats: Vec<Option<Seat>>,
    began: Vec<usize>,
    bodies: SmallRng,
    arrivals: SmallRng,
    until: u64,
}

impl Scene {
    /// Plays it to its end, when everything has come back.
    pub(super) fn play(self) -> Report {
        let rig = Rig::default();
        let (arrivals, bodies) = self.chances();
        let mut play = Play {
            scene: self,
            rig: &rig,
            settings: settings!(BulkheadSettings {
                max_concurrent: self.seats,
                max_queue: self.max_queue,
                max_wait: Duration::from_nanos(self.max_wait),
                ..BulkheadSettings::default()
            }),
            events: BinaryHeap::from([Reverse((FIRST, Event::Come))]),
            woken: Arc::default(),
            calls: Vec::new(),
            waiters: Vec::new(),
            looks: Vec::new(),
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
            Event::Look(id) if self.looks[id] == now - self.scene.lag => self.poll(id, now),
            Event::Look(_) => {}
            Event::End(id) => {
                let Call { came, began, .. } = self.calls[id];
                let is_served = now < came + self.scene.deadline;
                self.calls[id].fate = if is_served { Fate::Served { at: now } } else { Fate::CutOff };
                let seat = self.seats[id].take().expect("it has one");
                let body = Duration::from_nanos(now - began);
                self.rig.give_back(seat, Some(body), Tick(now), Some(&self.settings));
            }
        }
    }

    fn come(&mut self, now: u64) {
        let Scene { calls, deadline, .. } = self.scene;
        let id = self.calls.len();
        let priority = self.scene.priority(&mut self.arrivals);
        self.calls.push(Call { came: now, priority, fate: Fate::Waits, began: u64::MAX });
        self.waiters.push(None);
        self.looks.push(0);
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
                self.poll(id, now);
            }
            Err(_) => self.calls[id].fate = Fate::Refused { at: now, is_full: true },
        }
    }

    fn poll(&mut self, id: usize, now: u64) {
        let Some(waiter) = &mut self.waiters[id] else { return };
        let Scene { deadline, max_wait, .. } = self.scene;
        let waker = Waker::from(Arc::new(Bell(id, Arc::clone(&self.woken))));
        let until = self.calls[id].came + max_wait.min(deadline);
        let Poll::Ready(outcome) = poll_at(waiter, now, now >= until, &waker) else {
            let look = u64::try_from(waiter.next_look().as_nanos()).expect("some milliseconds");
            self.looks[id] = until.min(now + look);
            return self.at(self.looks[id] + self.scene.lag, Event::Look(id));
        };
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
