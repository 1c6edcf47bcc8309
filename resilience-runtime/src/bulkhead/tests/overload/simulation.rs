//! Simulates a scenario on the real bulkhead, event by event: calls arrive, wait, are woken and polled, run and end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use resilience_settings::policy::BulkheadSettings;

use rand::rngs::SmallRng;

use super::super::{BulkheadPermit, Enqueued, Rig, Waiter, poll_at};
use super::scenario::{Call, CallOutcome, FIRST, Report, Scenario};
use crate::bulkhead::{Granted, PermitRequest};
use crate::clock::Tick;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A body ends and releases its permit.
    End(usize),
    Come,
    /// A woken task is polled.
    Poll(usize),
    /// A task is polled whose timer fired, if the timer has not been reset since.
    Check(usize),
}

/// Records who is woken.
struct RecordingWaker(usize, Arc<Mutex<Vec<usize>>>);

impl Wake for RecordingWaker {
    fn wake(self: Arc<Self>) {
        self.1.lock().expect("nobody panics with it").push(self.0);
    }
}

struct Simulation<'r> {
    scenario: Scenario,
    rig: &'r Rig,
    settings: BulkheadSettings,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    woken: Arc<Mutex<Vec<usize>>>,
    calls: Vec<Call>,
    waiters: Vec<Option<Waiter<'r>>>,
    /// When the timer of each waiter fires.
    checks: Vec<u64>,
    permits: Vec<Option<BulkheadPermit>>,
    began: Vec<usize>,
    bodies: SmallRng,
    arrivals: SmallRng,
    until: u64,
}

impl Scenario {
    /// Simulates the scenario until everything has ended.
    pub(super) fn simulate(self) -> Report {
        let rig = Rig::default();
        let (arrivals, bodies) = self.chances();
        let mut simulate = Simulation {
            scenario: self,
            rig: &rig,
            settings: settings!(BulkheadSettings {
                max_concurrent: self.permits,
                max_queue: self.max_queue,
                max_wait: Duration::from_nanos(self.max_wait),
                ..BulkheadSettings::default()
            }),
            events: BinaryHeap::from([Reverse((FIRST, Event::Come))]),
            woken: Arc::default(),
            calls: Vec::new(),
            waiters: Vec::new(),
            checks: Vec::new(),
            permits: Vec::new(),
            began: Vec::new(),
            bodies,
            arrivals,
            until: 0,
        };
        while let Some(Reverse((now, event))) = simulate.events.pop() {
            simulate.step(now, event);
            let woken = std::mem::take(&mut *simulate.woken.lock().expect("nobody panics with it"));
            for id in woken {
                simulate.at(now + self.lag, Event::Poll(id));
            }
        }
        let Simulation { calls, began, until, .. } = simulate;
        assert_eq!((rig.in_flight(), rig.queue_depth()), (0, 0), "everything comes back");
        Report { calls, began, until, scenario: self }
    }
}

impl Simulation<'_> {
    fn at(&mut self, time: u64, event: Event) {
        self.events.push(Reverse((time, event)));
    }

    fn step(&mut self, now: u64, event: Event) {
        match event {
            Event::Come => self.come(now),
            Event::Poll(id) => self.poll(id, now),
            Event::Check(id) if self.checks[id] == now - self.scenario.lag => self.poll(id, now),
            Event::Check(_) => {}
            Event::End(id) => {
                let Call { came, began, .. } = self.calls[id];
                let is_served = now < came + self.scenario.deadline;
                self.calls[id].outcome =
                    if is_served { CallOutcome::Served { at: now } } else { CallOutcome::CutOff };
                let permit = self.permits[id].take().expect("it has one");
                let body = Duration::from_nanos(now - began);
                self.rig.release_after(permit, Some(body), Tick(now), Some(&self.settings));
            }
        }
    }

    fn come(&mut self, now: u64) {
        let Scenario { calls, deadline, .. } = self.scenario;
        let id = self.calls.len();
        let priority = self.scenario.priority(&mut self.arrivals);
        self.calls.push(Call { came: now, priority, outcome: CallOutcome::Waits, began: u64::MAX });
        self.waiters.push(None);
        self.checks.push(0);
        self.permits.push(None);
        if self.calls.len() < calls {
            let next = now + self.scenario.gap(&mut self.arrivals);
            self.at(next, Event::Come);
        } else {
            self.until = now;
        }
        if let Some(permit) = self.rig.try_acquire(&self.settings) {
            return self.run(id, permit, now);
        }
        let request =
            PermitRequest { priority, now: Tick(now), call: Tick(now), deadline: Tick(now + deadline) };
        match self.rig.ask(request, &self.settings) {
            Ok(Enqueued::Acquired(permit)) => self.run(id, permit, now),
            Ok(Enqueued::Queued(waiter)) => {
                self.waiters[id] = Some(waiter);
                self.poll(id, now);
            }
            Err(_) => self.calls[id].outcome = CallOutcome::Refused { at: now, is_full: true },
        }
    }

    fn poll(&mut self, id: usize, now: u64) {
        let Some(waiter) = &mut self.waiters[id] else { return };
        let Scenario { deadline, max_wait, .. } = self.scenario;
        let waker = Waker::from(Arc::new(RecordingWaker(id, Arc::clone(&self.woken))));
        let until = self.calls[id].came + max_wait.min(deadline);
        let Poll::Ready(outcome) = poll_at(waiter, now, now >= until, &waker) else {
            let next_check = u64::try_from(waiter.next_check().as_nanos()).expect("some milliseconds");
            self.checks[id] = until.min(now + next_check);
            return self.at(self.checks[id] + self.scenario.lag, Event::Check(id));
        };
        self.waiters[id] = None;
        match outcome {
            Ok(Granted { permit, .. }) => self.run(id, permit, now),
            Err(_) => self.calls[id].outcome = CallOutcome::Refused { at: now, is_full: false },
        }
    }

    fn run(&mut self, id: usize, permit: BulkheadPermit, now: u64) {
        let deadline = self.calls[id].came + self.scenario.deadline;
        if now >= deadline {
            self.calls[id].outcome = CallOutcome::Refused { at: now, is_full: false };
            return self.rig.release_after(permit, None, Tick(now), Some(&self.settings));
        }
        self.calls[id] = Call { outcome: CallOutcome::Runs, began: now, ..self.calls[id] };
        self.began.push(id);
        self.permits[id] = Some(permit);
        let body = self.scenario.body.draw(&mut self.bodies);
        self.at((now + body).min(deadline), Event::End(id));
    }
}
