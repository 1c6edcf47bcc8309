//! What an operator does to the breakers of a service: to its own, and to those of all its partitions, present and future.

use super::breaker_override::BreakerOverride;
use super::service::Service;

impl Service {
    /// Opens the breaker, and that of each partition, until [`reset_breaker`](Self::reset_breaker): every call is rejected.
    pub fn force_open(&'static self) {
        self.operate(BreakerOverride::Open);
    }

    /// Keeps the breaker closed, and that of each partition, until [`reset_breaker`](Self::reset_breaker), whatever the
    /// results.
    pub fn force_closed(&'static self) {
        self.operate(BreakerOverride::Closed);
    }

    /// Closes the breaker with an empty window, and that of each partition, also when it is closed already.
    pub fn reset_breaker(&'static self) {
        self.operate(BreakerOverride::None);
    }

    fn operate(&'static self, breaker_override: BreakerOverride) {
        let own = self.unpartitioned();
        let transition = self.partitions.operate(own, breaker_override, self.now());
        self.target().announce(transition);
    }
}
