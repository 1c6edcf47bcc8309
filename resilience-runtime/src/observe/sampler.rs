//! Runs the thread that samples all services. In: a registry. Out: a sample of all its services every two seconds, for as long as
//! somebody wants it. A thread of its own, because a task would not run in the overloaded runtime that one wants to look at.
//!
//! A registry that goes by tokio's clock is sampled by a task, which alone can wait for it, and by queries.

use std::thread::park_timeout;

use crate::monitor::{StatsSource, TICK};
use crate::registry::Registry;
use crate::thread::start;
#[cfg(feature = "testing")]
use crate::thread::start_task;
use crate::wakers::shielded;

/// Keeps sampling on until dropped.
#[derive(Debug)]
pub(crate) struct Sampling {
    registry: &'static Registry,
    #[cfg(feature = "testing")]
    task: Option<tokio::task::AbortHandle>,
}

impl Sampling {
    pub(crate) fn start(registry: &'static Registry) -> Self {
        registry.shared.window_sampler.join();
        keep_sampling(registry);
        Self {
            registry,
            #[cfg(feature = "testing")]
            task: task(registry),
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        #[cfg(feature = "testing")]
        if let Some(task) = &self.task {
            task.abort();
        }
        self.registry.shared.window_sampler.leave(self.registry.clock().now());
    }
}

/// A query: starts sampling, the first sample at once, or keeps it on.
pub(super) fn keep_sampling(registry: &'static Registry) {
    registry.shared.window_sampler.keep_sampling(registry.clock().now());
    if !registry.clock().is_virtual() && registry.shared.window_sampler.start_once() {
        // If no thread can be started, queries sample what is due; the next one tries again.
        if start("resilience-monitor", Box::new(move || run(registry))).is_err() {
            registry.shared.window_sampler.mark_ended();
        }
    }
    read(registry);
}

/// Samples all services, if that is due.
fn read(registry: &'static Registry) {
    registry.shared.window_sampler.read(registry.clock().now(), || {
        let services = registry.services_at_hand().into_iter();
        services
            .map(|service| -> StatsSource<'_> { (service.name(), Box::new(|| service.stats())) })
            .collect()
    });
}

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
        // A query since then has found the thread running, and relies on it.
        if !sampler.is_wanted(registry.clock().now()) || !sampler.start_once() {
            return;
        }
    }
}

#[cfg(feature = "testing")]
fn task(registry: &'static Registry) -> Option<tokio::task::AbortHandle> {
    if !registry.clock().is_virtual() {
        return None;
    }
    let runtime = tokio::runtime::Handle::try_current().ok()?;
    let readings = async move {
        loop {
            tokio::time::sleep(TICK).await;
            read(registry);
        }
    };
    Some(start_task(&runtime, Box::pin(readings)))
}
