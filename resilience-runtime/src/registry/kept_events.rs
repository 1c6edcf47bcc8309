//! What happens to services and to their settings goes in; out come the rare events of it.

use std::ptr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::service::Service;
use super::targets::Target;
use crate::clock::Tick;
use crate::events::{BreakerOf, Event, Rare, emit};

/// What may come in thousands is told once in so long, for each service.
const EVERY: Duration = Duration::from_secs(1);

impl Target {
    /// Whose breaker it is. Of those of partitions, of which there may be thousands, one event a second is kept.
    pub(super) fn breaker_of(self) -> BreakerOf {
        let service = self.service();
        if ptr::eq(self.state(), &raw const service.unpartitioned().state) {
            return BreakerOf::Service;
        }
        BreakerOf::Partition { is_kept: service.event_limits.partition.is_due(service.now(), EVERY) }
    }
}

impl Service {
    /// Keeps that a retry was refused because the budget is empty. Tells those who listen, who are foreign code.
    #[cold]
    pub(crate) fn tell_of_empty_budget(&self, now: Tick) {
        if self.event_limits.budget.is_due(now, EVERY) {
            self.event_limits.is_budget_short.store(true, Ordering::Relaxed);
            emit(&Event::Rare(Rare::BudgetExhausted { service: self.name() }), &self.shared().history);
        }
    }

    /// Whether its budget was told to be empty, and not to be so no more.
    #[inline]
    pub(crate) fn is_budget_short(&self) -> bool {
        self.event_limits.is_budget_short.load(Ordering::Relaxed)
    }

    /// A retry was paid for. Tells those who listen, who are foreign code, if it was short before: as often as they were told
    /// that it is, and no oftener.
    #[cold]
    pub(crate) fn tell_of_refill(&self) {
        if self.event_limits.is_budget_short.swap(false, Ordering::Relaxed) {
            emit(&Event::Rare(Rare::BudgetRefilled { service: self.name() }), &self.shared().history);
        }
    }
}
