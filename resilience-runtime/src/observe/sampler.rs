//! Takes readings of all services every two seconds, for as long as somebody wants them: on a thread of its own, as a runtime
//! that is overloaded is what one wants to see.
//!
//! With feature `testing` time is tokio's, which only a task can wait for; there a question takes what is due.

#[cfg(not(feature = "testing"))]
use std::thread::{Builder, park_timeout};

use crate::monitor::Readable;
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
        registry.shared.watch.join();
        is_asked(registry);
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
        self.registry.shared.watch.leave(self.registry.clock().now());
    }
}

/// Somebody asks: readings are taken from now on, the first at once.
pub(super) fn is_asked(registry: &'static Registry) {
    registry.shared.watch.is_asked(registry.clock().now());
    #[cfg(not(feature = "testing"))]
    if registry.shared.watch.starts() {
        let thread = Builder::new().name("resilience-monitor".into());
        // Without a thread to be had, questions take what is due; the next one tries again.
        if thread.spawn(move || run(registry)).is_err() {
            registry.shared.watch.ends();
        }
    }
    read(registry);
}

/// Takes readings, if they are due.
fn read(registry: &'static Registry) {
    registry.shared.watch.read(registry.clock().now(), || {
        let services = registry.services().into_iter();
        services.map(|service| -> Readable<'_> { (service.name(), Box::new(|| service.stats())) }).collect()
    });
}

#[cfg(not(feature = "testing"))]
fn run(registry: &'static Registry) {
    let watch = &registry.shared.watch;
    loop {
        shielded(|| read(registry));
        park_timeout(TICK);
        if watch.is_wanted(registry.clock().now()) {
            continue;
        }
        watch.forget();
        watch.ends();
        // Who has asked since has found it running.
        if !watch.is_wanted(registry.clock().now()) || !watch.starts() {
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
