//! Decides which of the breaker and budget events that come in thousands are kept: one a second of a service. In: transitions of
//! the breakers of partitions, and retries that a budget refuses or pays again. Out: the rare events of them.

use std::ptr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::service::Service;
use super::targets::Target;
use crate::clock::Tick;
use crate::events::{BreakerOf, Event, Rare, emit};

/// Events that may come by the thousand are emitted at most once in this time, for each service.
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

    /// Whether its budget was last reported as empty.
    #[inline]
    pub(crate) fn is_budget_short(&self) -> bool {
        self.event_limits.is_budget_short.load(Ordering::Relaxed)
    }

    /// Emits that a retry was paid for, if the budget was last reported as empty: once for each such report. Subscribers
    /// are foreign code.
    #[cold]
    pub(crate) fn tell_of_refill(&self) {
        if self.event_limits.is_budget_short.swap(false, Ordering::Relaxed) {
            emit(&Event::Rare(Rare::BudgetRefilled { service: self.name() }), &self.shared().history);
        }
    }
}
