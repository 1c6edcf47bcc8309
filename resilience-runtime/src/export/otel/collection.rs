//! Reads the values of one moment for all instruments of a collection of OpenTelemetry. In: their callbacks, one after the other.
//! Out: the values, the same for all of them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;

use super::attributes::{dependency, relabel};
use super::room::Room;
use super::seen::Seen;
use crate::events::{Event, Rare, emit};
use crate::export::metric::{Metric, Read, Value};
use crate::export::table::METRICS;
use crate::monitor::snapshot::DashboardData;
use crate::observe::Monitor;
use crate::sync::lock;
use crate::thread::start;
use crate::wakers::shielded;

/// No collection takes so long: what is older was made for one that left instruments out.
const STALE: Duration = Duration::from_secs(1);

/// The values that instruments are asked for. Its locks are taken by callbacks alone, and neither while values are read nor while
/// an instrument takes them, which is foreign code.
#[derive(Debug)]
pub(super) struct Collection {
    monitor: Monitor,
    room: Room,
    is_stopped: AtomicBool,
    is_warned: AtomicBool,
    now: Mutex<Option<Moment>>,
    /// By the place of the metric in the table.
    seen: Vec<Mutex<Seen>>,
}

/// One reading, for the callbacks of one collection.
#[derive(Debug)]
struct Moment {
    values: Arc<Values>,
    taken: Instant,
    /// The metrics that have had their values of it, a bit for each: one that asks again belongs to the next collection.
    served: AtomicU64,
}

#[derive(Debug)]
struct Values {
    data: DashboardData,
    /// Of each service, in the order of the data.
    dependencies: Vec<KeyValue>,
}

impl Collection {
    pub(super) fn new(monitor: Monitor, room: Room) -> Self {
        Self {
            monitor,
            room,
            is_stopped: AtomicBool::new(false),
            is_warned: AtomicBool::new(false),
            now: Mutex::new(None),
            seen: METRICS.iter().map(|_| Mutex::default()).collect(),
        }
    }

    /// Nothing is observed any more.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
        let last = lock(&self.now).take();
        drop(last);
    }

    /// Looks at the services as they are before the first collection: a warning should not wait for that.
    pub(super) fn look(&self) {
        shielded(|| drop(self.read()));
    }

    /// Gives the values of the metric at this place of the table to a callback. Does not panic.
    pub(super) fn observe(&self, place: usize, mut to: impl FnMut(Value, &[KeyValue])) {
        if self.is_stopped.load(Ordering::Acquire) {
            return;
        }
        shielded(|| {
            let values = self.values(place);
            self.observe_values(place, &values, &mut to);
        });
    }

    fn observe_values(&self, place: usize, values: &Values, to: &mut impl FnMut(Value, &[KeyValue])) {
        let Metric { read, .. } = &METRICS[place];
        let seen = |service: &str| lock(&self.seen[place]).of(service);
        let mut attributes = Vec::new();
        match read {
            Read::Service(read) => {
                for (service, dependency) in values.data.services.iter().zip(&values.dependencies) {
                    let mut seen = seen(&service.name);
                    attributes.clear();
                    attributes.push(dependency.clone());
                    read(service, &mut |labels, value| {
                        if let Some(value) = seen.sent(labels, value) {
                            relabel(&mut attributes, 1, labels);
                            to(value, &attributes);
                        }
                    });
                }
            }
            Read::Process(read) => {
                let mut seen = seen("");
                read(&values.data.process, &mut |labels, value| {
                    if let Some(value) = seen.sent(labels, value) {
                        relabel(&mut attributes, 0, labels);
                        to(value, &attributes);
                    }
                });
            }
            // No instrument that is observed is a histogram.
            Read::Latency(_) => {}
        }
    }

    /// The values of the collection that this metric is asked in.
    fn values(&self, place: usize) -> Arc<Values> {
        let bit = 1_u64 << place;
        if let Some(moment) = &*lock(&self.now)
            && moment.taken.elapsed() < STALE
            && moment.served.fetch_or(bit, Ordering::Relaxed) & bit == 0
        {
            return Arc::clone(&moment.values);
        }
        let values = Arc::new(self.read());
        let moment =
            Moment { values: Arc::clone(&values), taken: Instant::now(), served: AtomicU64::new(bit) };
        let before = lock(&self.now).replace(moment);
        drop(before);
        values
    }

    fn read(&self) -> Values {
        let data = self.monitor.dashboard_data();
        self.warn_of(&data);
        Values { dependencies: data.services.iter().map(|service| dependency(&service.name)).collect(), data }
    }

    /// Warns, once, of services whose series have no room.
    fn warn_of(&self, data: &DashboardData) {
        let services = data.services.len();
        if self.room.is_enough(&data.services) || self.is_warned.swap(true, Ordering::Relaxed) {
            return;
        }
        // Not within a callback: a subscriber that counts lines with an instrument would wait for the collection itself.
        let warning = move || shielded(|| emit(&Event::Rare(Rare::SeriesOverflow { services }), &()));
        if start("resilience-otel", Box::new(warning)).is_err() {
            self.is_warned.store(false, Ordering::Relaxed);
        }
    }
}

// A bit for each metric.
const _: () = assert!(METRICS.len() <= u64::BITS as usize, "more metrics than `Moment::served` has bits");
