//! Simulates a server of as many instances as an autoscaler gives it. In: requests, and the number of instances. Out: answers, in
//! the order of the requests. How soon one is answered depends on how many instances there will be, so it is served as time passes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tokio::sync::oneshot::{Sender, channel};

use super::clock::{Clock, seconds};
use super::failed::Failed;
use super::fuse::Fuse;
use crate::sync::lock;

/// One queue for all instances; a request whose caller has gone away is served like any other.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Scaled {
    clock: Clock,
    /// What one instance serves in a second.
    rate: f64,
    /// How long a step is in which the queue is served, in seconds.
    step: f64,
    state: Mutex<State>,
    has_come: Notify,
    fuse: Arc<Fuse>,
}

#[derive(Debug)]
struct State {
    instances: f64,
    waiting: VecDeque<Sender<()>>,
    arrived: u64,
}

/// Steps in which an instance serves a request. Of a fixed length, they would be too many for slow servers.
const STEPS: f64 = 100.0 / 3.0;

impl Scaled {
    pub(in crate::testing::simulate) fn new(instances: f64, rate: f64, fuse: Arc<Fuse>) -> Arc<Self> {
        // Timers end on whole milliseconds.
        let step = (1.0 / rate / STEPS).max(0.001);
        let state = State { instances, waiting: VecDeque::new(), arrived: 0 };
        let (clock, state, has_come) = (Clock::start(), Mutex::new(state), Notify::new());
        Arc::new(Self { clock, rate, step, state, has_come, fuse })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// The time of the run.
    pub(in crate::testing::simulate) fn clock(&self) -> Clock {
        self.clock
    }

    /// One request.
    pub(in crate::testing::simulate) async fn request(&self) -> Result<(), Failed> {
        self.fuse.pass().await;
        let (sender, answer) = channel();
        {
            let mut state = self.lock();
            state.arrived += 1;
            state.waiting.push_back(sender);
        }
        self.has_come.notify_one();
        answer.await.map_err(|_| Failed::Server)
    }

    /// Changes the number of instances.
    pub(in crate::testing::simulate) fn scale(&self, instances: f64) {
        self.lock().instances = instances;
    }

    /// The number of instances, and how many requests have come since this was asked last.
    pub(in crate::testing::simulate) fn read(&self) -> (f64, u64) {
        let mut state = self.lock();
        (state.instances, std::mem::take(&mut state.arrived))
    }

    /// Serves for ever.
    pub(in crate::testing::simulate) async fn serve(self: Arc<Self>) {
        // What could have been served and was not yet, in requests.
        let mut room = 0.0;
        loop {
            if self.lock().waiting.is_empty() {
                room = 0.0;
                self.has_come.notified().await;
            }
            let before = self.clock.now();
            self.clock.pause(self.step).await;
            let passed = seconds(self.clock.now() - before);
            let mut answered = Vec::new();
            {
                let mut state = self.lock();
                room += state.instances * self.rate * passed;
                while room >= 1.0 {
                    let Some(next) = state.waiting.pop_front() else { break };
                    room -= 1.0;
                    answered.push(next);
                }
            }
            for one in answered {
                // Its caller may have gone.
                let _ = one.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_serves_as_much_as_its_instances_can_in_order_and_abandoned_requests_too() {
        let server = Scaled::new(2.0, 50.0, Arc::new(Fuse::of(1e3)));
        let serving = tokio::spawn(server.clone().serve());
        let clock = server.clock();
        let mut ends = Vec::new();
        for number in 0..200 {
            let request = server.clone();
            let task =
                tokio::spawn(async move { request.request().await.map(|()| request.clock().seconds()) });
            if number % 2 == 0 {
                ends.push(task);
            } else {
                // It is in the queue by then.
                tokio::task::yield_now().await;
                task.abort();
            }
        }
        clock.pause(1.0).await;
        server.scale(4.0);
        let mut last = 0.0;
        for end in ends {
            let at = end.await.expect("it ends").expect("it is answered");
            assert!(at >= last, "{at} after {last}");
            last = at;
        }
        // A hundred in the first second, the others in half of one.
        assert!((1.45..1.6).contains(&last), "{last}");
        assert_eq!(server.read(), (4.0, 200));
        assert_eq!(server.read(), (4.0, 0));
        serving.abort();
    }
}
