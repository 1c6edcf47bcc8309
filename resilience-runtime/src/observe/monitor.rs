//! Answers the queries of programs and exporters (`monitor()`). In: a registry. Out: snapshots, health, events.

use std::time::SystemTime;

use super::asked_once::AskedOnce;
use super::events::EventReader;
use super::process::process;
use super::sampler;
use super::service::{error_patterns, health_of, service};
use crate::monitor::snapshot::{
    DashboardData, ErrorPattern, EventBatch, EventSnapshot, HealthReport, ServiceSnapshot,
};
use crate::monitor::unix_millis;
use crate::registry::{Registry, registry};

/// What is known of the services of a registry. Made by [`monitor`]; a copy is as good.
///
/// Rates and quantiles of the last minutes need readings, which a thread of its own takes every two seconds: from the
/// first question, or from [`start`](Self::start), until a minute after the last. At most 24 KB are kept of a service.
#[derive(Clone, Copy, Debug)]
pub struct Monitor {
    registry: &'static Registry,
}

/// What is known of the services of the program; within `testing::isolated`, of those of the test.
///
/// ```
/// let data = resilience_runtime::monitor().dashboard_data();
/// for service in &data.services {
///     println!("{}: {} of 100", service.name, service.health.score);
/// }
/// ```
pub fn monitor() -> Monitor {
    Monitor::of(registry())
}

impl Monitor {
    /// What is known of the services of that registry.
    pub fn of(registry: &'static Registry) -> Self {
        Self { registry }
    }

    /// The registry that is queried.
    pub fn registry(self) -> &'static Registry {
        self.registry
    }

    /// A snapshot of everything.
    ///
    /// It may be asked for anywhere, also by a tracing subscriber, a waker or a callback of a meter: no lock is taken for it that
    /// is held while code of others runs. For the lock of the settings it waits 50 ms at most, and goes by what they were in the
    /// last snapshot then. What remains are locks of single parts of a service, such as its breaker, each of which is held for
    /// some instructions.
    pub fn dashboard_data(self) -> DashboardData {
        self.keep_sampling();
        let services = self.registry.services_at_hand();
        let asked = AskedOnce::of(self.registry);
        let services: Vec<_> = services.into_iter().map(|of| service(self.registry, of, &asked)).collect();
        let process = process(self.registry, &asked.settings, &services);
        DashboardData::new(unix_millis(SystemTime::now()), process, services)
    }

    /// A snapshot of one service; `None` if nothing names it.
    pub fn service(self, name: &str) -> Option<ServiceSnapshot> {
        self.keep_sampling();
        Some(service(self.registry, self.registry.service(name)?, &AskedOnce::of(self.registry)))
    }

    /// The health of a service, from 0 to 100, with reasons; `None` if nothing names it.
    pub fn health(self, name: &str) -> Option<HealthReport> {
        self.keep_sampling();
        Some(health_of(self.registry, self.registry.service(name)?))
    }

    /// What the failures of a service had in common in the last minutes, the most frequent first; `None` when nothing names it.
    /// Variants and types of errors with their status, never texts.
    pub fn error_patterns(self, name: &str) -> Option<Vec<ErrorPattern>> {
        Some(error_patterns(self.registry.service(name)?))
    }

    /// The rare things that have happened so far, oldest first: at most the last 512. Breakers, empty budgets, reloads,
    /// overrides and shedding are among them; what happens to single calls is not.
    pub fn events(self) -> Vec<EventSnapshot> {
        self.registry.shared.history.after(0).events
    }

    /// As [`events`](Self::events), after the event with this number, for a reader that comes back.
    pub fn events_after(self, id: u64) -> EventBatch {
        self.registry.shared.history.after(id)
    }

    /// A reader of the things that happen from now on, to services and to single calls. While there is one, each failure costs
    /// a little more.
    pub fn subscribe(self) -> EventReader {
        EventReader::new(self.registry)
    }

    fn keep_sampling(self) {
        sampler::keep_sampling(self.registry);
    }
}
