//! Takes readings of all services every two seconds, for as long as somebody wants them: on a thread of its own, as a runtime
//! that is overloaded is what one wants to see.
//!
//! With feature `testing` time is tokio's, which only a task can wait for; there a question takes what is due.

#[cfg(not(feature = "testing"))]
use std::thread::{Builder, park_timeout};

use crate::monitor::StatsSource;
use crate::registry::Registry;
#[cfg(not(feature = "testing"))]
use crate::{monitor::TICK, wakers::shielded};

/// Has readings taken, until dropped. Made by [`Monitor::start`](super::Monitor::start).
#[derive(Debug)]
#[must_use = "readings are taken only as long as this is kept"]
pub struct Monitoring {
    registry: &'static Registry,
    #[cfg(feature = "testing")]
    task: Option<tokio::task::AbortHandle>,
}

impl Monitoring {
    pub(super) fn start(registry: &'static Registry) -> Self {
        registry.shared.window_sampler.join();
        keep_sampling(registry);
        Self {
            registry,
            #[cfg(feature = "testing")]
            task: task(registry),
        }
    }
}

impl Drop for Monitoring {
    fn drop(&mut self) {
        #[cfg(feature = "testing")]
        if let Some(task) = &self.task {
            task.abort();
        }
        self.registry.shared.window_sampler.leave(self.registry.clock().now());
    }
}

/// Somebody asks: readings are taken from now on, the first at once.
pub(super) fn keep_sampling(registry: &'static Registry) {
    registry.shared.window_sampler.keep_sampling(registry.clock().now());
    #[cfg(not(feature = "testing"))]
    if registry.shared.window_sampler.start_once() {
        let thread = Builder::new().name("resilience-monitor".into());
        // Without a thread to be had, questions take what is due; the next one tries again.
        if thread.spawn(move || run(registry)).is_err() {
            registry.shared.window_sampler.mark_ended();
        }
    }
    read(registry);
}

/// Takes readings, if they are due.
fn read(registry: &'static Registry) {
    registry.shared.window_sampler.read(registry.clock().now(), || {
        let services = registry.services().into_iter();
        services
            .map(|service| -> StatsSource<'_> { (service.name(), Box::new(|| service.stats())) })
            .collect()
    });
}

#[cfg(not(feature = "testing"))]
fn run(registry: &'static Registry) {
    let sampler = &registry.shared.window_sampler;
    loop {
        shielded(|| read(registry));
        park_timeout(TICK);
        if sampler.is_wanted(registry.clock().now()) {
            continue;
        }
        sampler.forget();
        sampler.mark_ended();
        // Who has asked since has found it running.
        if !sampler.is_wanted(registry.clock().now()) || !sampler.start_once() {
            return;
        }
    }
}

#[cfg(feature = "testing")]
fn task(registry: &'static Registry) -> Option<tokio::task::AbortHandle> {
    let runtime = tokio::runtime::Handle::try_current().ok()?;
    let readings = async move {
        loop {
            tokio::time::sleep(crate::monitor::TICK).await;
            read(registry);
        }
    };
    Some(runtime.spawn(readings).abort_handle())
}
