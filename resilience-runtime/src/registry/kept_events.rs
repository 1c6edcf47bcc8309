//! What happens to services and to their settings goes in; out come the rare events that are kept of it.

use std::ptr;
use std::time::Duration;

use super::service::Service;
use super::target::Target;
use crate::breaker::Transition;
use crate::clock::Tick;
use crate::monitor::EventRecord;

/// What may come in thousands is kept once in so long, for each service.
const EVERY: Duration = Duration::from_secs(1);

impl Target {
    /// Keeps what the breaker has done. Of partitions, of which there may be thousands, one a second.
    #[cold]
    pub(super) fn keep_event(self, transition: &Transition) {
        let service = self.service();
        let is_whole = ptr::eq(self.state(), &raw const service.unpartitioned().state);
        if !is_whole && !service.event_limits.partition.is_due(service.now(), EVERY) {
            return;
        }
        let kind = if is_whole { "breaker" } else { "partition_breaker" };
        let record = EventRecord::of_service(kind, service.name());
        service.shared().history.add(record.between(transition.from.name(), transition.to.name()));
    }
}

impl Service {
    /// A retry was refused, as its budget is empty.
    #[cold]
    pub(crate) fn note_empty_budget(&self, now: Tick) {
        if self.event_limits.budget.is_due(now, EVERY) {
            self.shared().history.add(EventRecord::of_service("budget_exhausted", self.name()));
        }
    }
}
