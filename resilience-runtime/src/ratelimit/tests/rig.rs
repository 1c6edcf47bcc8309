//! A simulated set of tasks that wait for slots, on a clock that is a number: each task is polled when it is woken or
//! its timer fires, unless it is stuck.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use resilience_settings::policy::RateSettings;

use super::super::{Entry, RateLimit, SlotAnswer, SlotWaiter};
use crate::clock::Tick;
use crate::policy::Pace;

/// A waker that records that it was woken.
#[derive(Default)]
pub(super) struct TestWaker(AtomicBool);

impl Wake for TestWaker {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing yet.
    Waits,
    Started(u64),
    /// It got its slot, and gave it back.
    GaveBack(u64),
    Refused(u64, Duration),
    Dropped,
}

pub(super) struct Task<'a> {
    waiter: Option<SlotWaiter<'a>>,
    waker: Arc<TestWaker>,
    timer: u64,
    /// Its deadline.
    pub(super) deadline: u64,
    /// Whether it is not polled.
    pub(super) is_stuck: bool,
    /// Whether it gives its slot back instead of starting.
    pub(super) gives_back: bool,
    pub(super) end: End,
    /// Whether it has waited.
    pub(super) has_waited: bool,
}

pub(super) struct Rig<'a> {
    pub(super) limit: &'a RateLimit,
    pub(super) settings: Option<RateSettings>,
    pub(super) now: u64,
    pub(super) tasks: Vec<Task<'a>>,
    pub(super) polls: u64,
    /// Timers fire at multiples of this.
    pub(super) grain: u64,
    /// How long it takes from a timer to the poll of its task.
    pub(super) lag: u64,
    /// Whether those that came last are polled first.
    pub(super) is_backwards: bool,
}

impl<'a> Rig<'a> {
    pub(super) fn new(limit: &'a RateLimit, settings: RateSettings, now: u64) -> Self {
        Self {
            limit,
            settings: Some(settings),
            now,
            tasks: Vec::new(),
            polls: 0,
            grain: 1,
            lag: 0,
            is_backwards: false,
        }
    }

    /// Adds a task that comes now; returns its number.
    pub(super) fn come(&mut self, time_left: u64) -> usize {
        self.come_as(time_left, false, false)
    }

    pub(super) fn come_as(&mut self, time_left: u64, is_stuck: bool, gives_back: bool) -> usize {
        let deadline = self.now.saturating_add(time_left);
        let mut task = Task {
            waiter: None,
            waker: Arc::default(),
            timer: self.now,
            deadline,
            is_stuck: false,
            gives_back,
            end: End::Waits,
            has_waited: false,
        };
        let entry = self
            .settings
            .as_ref()
            .map(|settings| self.limit.enter(Pace::of(settings), Tick(self.now), Tick(deadline)));
        match entry {
            None => task.end = End::Started(self.now),
            Some(Ok(Entry::Slot(slot))) => {
                task.end = if gives_back { End::GaveBack(self.now) } else { End::Started(self.now) };
                if !gives_back {
                    slot.consume();
                }
            }
            Some(Ok(Entry::Queued(waiter))) => {
                task.waiter = Some(waiter);
                task.has_waited = true;
            }
            Some(Err(later)) => task.end = End::Refused(self.now, later),
        }
        self.tasks.push(task);
        let number = self.tasks.len() - 1;
        if self.tasks[number].waiter.is_some() {
            self.poll(number);
        }
        self.tasks[number].is_stuck = is_stuck;
        self.settle();
        number
    }

    pub(super) fn leave(&mut self, number: usize) {
        let task = &mut self.tasks[number];
        if task.waiter.take().is_some() {
            task.end = End::Dropped;
        }
        self.settle();
    }

    pub(super) fn reload(&mut self, new: Option<RateSettings>) {
        self.limit.reshape(self.settings.as_ref(), new.as_ref(), Tick(self.now)).wake();
        self.settings = new;
        self.settle();
    }

    /// Polls the task again from now on.
    pub(super) fn recover(&mut self, number: usize) {
        self.tasks[number].is_stuck = false;
        self.settle();
    }

    /// Lets time pass until `then`.
    pub(super) fn pass_until(&mut self, then: u64) {
        self.settle();
        while let Some(next) = self.next_event().filter(|next| *next <= then) {
            self.now = self.now.max(next);
            self.settle();
        }
        self.now = self.now.max(then);
    }

    /// Lets time pass until only stuck tasks wait.
    pub(super) fn finish(&mut self) {
        self.settle();
        while let Some(next) = self.next_event() {
            self.now = self.now.max(next);
            self.settle();
        }
        assert!(self.live().next().is_none(), "somebody has neither a timer nor an end");
    }

    /// The tasks that wait and are not stuck.
    pub(super) fn live(&self) -> impl Iterator<Item = (usize, &Task<'a>)> {
        self.tasks.iter().enumerate().filter(|(_, task)| task.waiter.is_some() && !task.is_stuck)
    }

    /// Whether a slot is due.
    pub(super) fn is_due(&self) -> bool {
        let Some(settings) = &self.settings else { return false };
        self.limit.is_due_at(Pace::of(settings), Tick(self.now))
    }

    pub(super) fn waiting(&self) -> usize {
        self.tasks.iter().filter(|task| task.waiter.is_some()).count()
    }

    /// The start times, in order.
    pub(super) fn starts(&self) -> Vec<u64> {
        let started = self.tasks.iter().filter_map(|task| match task.end {
            End::Started(at) => Some(at),
            _ => None,
        });
        let mut starts: Vec<u64> = started.collect();
        starts.sort_unstable();
        starts
    }

    /// How the tasks that have ended ended.
    pub(super) fn ends(&self) -> Vec<End> {
        self.tasks.iter().map(|task| task.end).collect()
    }

    fn next_event(&self) -> Option<u64> {
        self.live().map(|(_, task)| task.timer).min()
    }

    /// Polls all tasks that were woken or whose timer fired, until nothing happens any more.
    fn settle(&mut self) {
        for round in 0.. {
            assert!(round < 10_000, "they wake each other for ever");
            let mut due: Vec<usize> = self
                .live()
                .filter(|(_, task)| task.timer <= self.now || task.waker.0.load(Ordering::Relaxed))
                .map(|(number, _)| number)
                .collect();
            if due.is_empty() {
                break;
            }
            if self.is_backwards {
                due.reverse();
            }
            for number in due {
                self.poll(number);
            }
        }
    }

    fn poll(&mut self, number: usize) {
        self.polls += 1;
        let (grain, lag) = (self.grain, self.lag);
        let (now, pace) = (Tick(self.now), self.settings.as_ref().map(Pace::of));
        let task = &mut self.tasks[number];
        task.waker.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&task.waker));
        let Some(waiter) = &mut task.waiter else { return };
        let end = if self.now >= task.deadline {
            End::Refused(self.now, Duration::ZERO)
        } else if let Some(pace) = pace {
            match waiter.ask(pace, now, &Context::from_waker(&waker)) {
                SlotAnswer::AskAt(at) => {
                    assert!(at > now, "its timer would go off at once, for ever");
                    assert!(at.0 <= task.deadline, "it would sleep through its deadline");
                    task.timer = at.0.div_ceil(grain) * grain + lag;
                    return;
                }
                SlotAnswer::Slot(_) if task.gives_back => End::GaveBack(self.now),
                SlotAnswer::Slot(slot) => {
                    slot.consume();
                    End::Started(self.now)
                }
                SlotAnswer::GaveUp(later) => End::Refused(self.now, later),
            }
        } else {
            End::Started(self.now)
        };
        task.end = end;
        task.waiter = None;
    }
}
