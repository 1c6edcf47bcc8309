//! What an operator does to the breaker of a service.

use super::service::Service;

impl Service {
    /// Opens the breaker until [`reset_breaker`](Self::reset_breaker): every call is rejected.
    pub fn force_open(&'static self) {
        self.target().announce(self.place.live.breaker.force_open(self.now()));
    }

    /// Keeps the breaker closed until [`reset_breaker`](Self::reset_breaker), whatever the results.
    pub fn force_closed(&'static self) {
        self.target().announce(self.place.live.breaker.force_closed(self.now()));
    }

    /// Closes the breaker with an empty window, also when it is closed already.
    pub fn reset_breaker(&'static self) {
        self.target().announce(self.place.live.breaker.reset(self.now()));
    }
}
