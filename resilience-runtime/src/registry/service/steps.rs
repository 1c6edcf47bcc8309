//! Keeps what calls of a service do, step by step, for the record of a test. In: a step. Out: it is kept, where the registry of a
//! test keeps a record.

use super::service::Service;
use crate::events::CallStep;
#[cfg(feature = "testing")]
use crate::events::{Event, emit};

#[cfg(feature = "testing")]
impl Service {
    /// Keeps what one of its calls does. Nobody else is told, so it may be called where foreign code may not.
    #[inline]
    pub(crate) fn step(&self, step: impl FnOnce() -> CallStep) {
        let history = &self.shared().history;
        if history.is_recorded() {
            emit(&Event::Step(self.name(), step()), history);
        }
    }
}

#[cfg(not(feature = "testing"))]
impl Service {
    /// Does nothing: the step is not even made.
    #[expect(clippy::unused_self, reason = "as it is with feature `testing`")]
    #[inline]
    pub(crate) fn step(&self, _: impl FnOnce() -> CallStep) {}
}
