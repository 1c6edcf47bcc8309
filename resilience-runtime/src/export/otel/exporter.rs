//! Starts the export to OpenTelemetry. In: a meter provider. Out: a guard, by whose drop the export ends.

use std::fmt;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::MeterProvider;

use super::collection::Collection;
use super::instruments;
#[cfg(feature = "otel-histogram")]
use super::pump::Pump;
use super::room::Room;
use crate::observe::{Monitor, Sampling, monitor};

/// Exports the metrics of a registry through OpenTelemetry.
#[derive(Clone, Copy, Debug)]
#[must_use = "it exports once it is started"]
pub struct Exporter {
    monitor: Monitor,
    room: Room,
}

impl Default for Exporter {
    fn default() -> Self {
        Self::new()
    }
}

impl Exporter {
    /// One for the services of the program; within `testing::isolated`, for those of the test.
    pub fn new() -> Self {
        Self::of(monitor())
    }

    /// One for the services of that registry.
    pub fn of(monitor: Monitor) -> Self {
        Self { monitor, room: Room::DEFAULT }
    }

    /// The provider has room for the series of so many services, by [`views`](super::views) or views of the program's. That
    /// changes nothing but when a warning tells of more.
    pub fn room_for(mut self, services: usize) -> Self {
        self.room = Room::Services(services);
        self
    }

    /// Makes the instruments, and has them answer until the guard is dropped.
    ///
    /// No runtime is needed, and none is held on to. To start it twice with one provider doubles nothing but the work for
    /// counters and gauges, of which the last value counts; a histogram would have every call twice.
    pub fn start(self, provider: &(impl MeterProvider + ?Sized)) -> Exporting {
        let scope =
            InstrumentationScope::builder("resilience").with_version(env!("CARGO_PKG_VERSION")).build();
        let meter = provider.meter_with_scope(scope);
        let watching = Sampling::start(self.monitor.registry());
        let collection = Arc::new(Collection::new(self.monitor, self.room));
        // Also the first look at how many series there are.
        collection.look();
        instruments::register(&meter, &collection);
        Exporting {
            collection,
            #[cfg(feature = "otel-histogram")]
            _pump: Pump::start(self.monitor.registry(), &meter),
            _watching: watching,
        }
    }
}

/// Metrics are exported until this is dropped. Made by [`Exporter::start`].
///
/// Drop it before the provider is shut down: the times of the last second are recorded then.
#[must_use = "metrics are exported only as long as this is kept"]
pub struct Exporting {
    collection: Arc<Collection>,
    #[cfg(feature = "otel-histogram")]
    _pump: Pump,
    /// Health needs the readings of the last minute, also where a reader collects more seldom.
    _watching: Sampling,
}

impl Drop for Exporting {
    fn drop(&mut self) {
        self.collection.stop();
    }
}

impl fmt::Debug for Exporting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporting").finish_non_exhaustive()
    }
}
