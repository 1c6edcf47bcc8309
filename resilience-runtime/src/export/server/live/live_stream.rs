//! Makes a tick for all clients of the live stream. In: a source of snapshots. Out: a tick per second for as long as there are
//! clients, and one in between for a rare event.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::client::Client;
use super::slots::Slots;
use super::stream::Stream;
use super::tick::Tick;
use crate::export::server::closing::Closing;
use crate::monitor::snapshot::DashboardData;
use crate::observe::Monitor;
use crate::registry::Registry;
use crate::sync::lock;
use crate::thread;
use crate::wakers::shielded;

/// The time between two ticks.
const EACH: Duration = Duration::from_secs(1);

/// How often to check for a rare event: for an opened breaker, a second is long.
const LOOK: Duration = Duration::from_millis(100);

/// The least time from a tick to one for a rare event.
const SOONEST: Duration = Duration::from_millis(400);

/// The stream of one server. Its thread runs while there are clients. It is not a task, because the runtime may be
/// the program's own, where it would stall calls.
pub(in crate::export::server) struct LiveStream {
    source: Arc<dyn Fn() -> DashboardData + Send + Sync>,
    registry: &'static Registry,
    pub(super) closing: Closing,
    pub(super) ticks: watch::Sender<Arc<Tick>>,
    slots: Arc<Slots>,
    is_running: Mutex<bool>,
    instance: u64,
}

/// Why a client gets no stream.
#[derive(Debug)]
pub(super) enum NoStream {
    Full,
    Closing,
    NoThread(io::Error),
}

impl LiveStream {
    pub(in crate::export::server) fn new(
        source: Arc<dyn Fn() -> DashboardData + Send + Sync>,
        registry: &'static Registry,
        closing: Closing,
    ) -> Arc<Self> {
        Arc::new(Self {
            source,
            registry,
            closing,
            ticks: watch::Sender::new(Arc::default()),
            slots: Arc::default(),
            is_running: Mutex::new(false),
            instance: RandomState::new().build_hasher().finish(),
        })
    }

    /// Adds a client, which has seen everything up to this event.
    pub(super) fn join(self: &Arc<Self>, last_event: Option<&str>) -> Result<Stream, NoStream> {
        if self.closing.has_begun() {
            return Err(NoStream::Closing);
        }
        let slot = self.slots.take().ok_or(NoStream::Full)?;
        let mut ticks = self.ticks.subscribe();
        let mut is_running = lock(&self.is_running);
        if *is_running {
            // The last tick is less than a second old; the very first may not exist yet.
            if ticks.borrow().number > 0 {
                ticks.mark_changed();
            }
        } else {
            let live = Arc::clone(self);
            thread::start("resilience-stream", Box::new(move || live.run())).map_err(NoStream::NoThread)?;
            *is_running = true;
        }
        drop(is_running);
        let client = Client::new(self.instance, last_event, Instant::now());
        Ok(Stream::new(client, ticks, self.closing.clone(), slot))
    }

    fn run(&self) {
        let mut next = Instant::now() + EACH;
        loop {
            // The source is foreign code; it may succeed in the next second.
            shielded(|| {
                let data = (self.source)();
                let last = Arc::clone(&self.ticks.borrow());
                let batch = Monitor::of(self.registry).events_after(last.last_event());
                let tick = last.next(&data, &batch.events);
                self.ticks.send_replace(Arc::new(tick));
            });
            self.rest(next);
            if Instant::now() >= next {
                next = (next + EACH).max(Instant::now());
            }
            let mut is_running = lock(&self.is_running);
            // Under the lock: a client that takes a slot after this finds no thread, and starts one.
            if self.slots.are_free() {
                *is_running = false;
                return;
            }
        }
    }
}

impl LiveStream {
    /// Sleeps until this time, or until a rare event.
    fn rest(&self, until: Instant) {
        let soonest = Instant::now() + SOONEST;
        let told = self.ticks.borrow().last_event();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            sleep(left.min(LOOK));
            if Instant::now() >= soonest && self.registry.shared.history.last() > told {
                return;
            }
        }
    }
}

impl fmt::Debug for LiveStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveStream").field("slots", &self.slots).finish_non_exhaustive()
    }
}
