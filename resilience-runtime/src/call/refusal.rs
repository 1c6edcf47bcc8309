//! Why there is no attempt. In: the reason. Out: the rejection that the caller is told.

use std::time::Duration;

use crate::clock::nanos;
use crate::ending::Ending;
use crate::registry::Service;
use crate::rejection::{Rejection, RejectionKind};

/// Why there is no attempt, and how long until asking again makes sense, where that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    pub(super) ending: Ending,
    /// In nanoseconds; the largest number when it is not known.
    pub(super) retry_after: u64,
}

impl From<Ending> for Refusal {
    #[inline]
    fn from(ending: Ending) -> Self {
        Self { ending, retry_after: u64::MAX }
    }
}

impl Refusal {
    /// What the caller is told.
    pub(super) fn rejection(self, kind: RejectionKind, service: &Service) -> Rejection {
        let rejection = Rejection::new(kind, service.name());
        if self.retry_after == u64::MAX {
            return rejection;
        }
        rejection.with_retry_after(Duration::from_nanos(self.retry_after))
    }
}

#[cold]
pub(super) fn circuit_open(retry_after: Option<Duration>) -> Refusal {
    Refusal { ending: Ending::CircuitOpen, retry_after: retry_after.map_or(u64::MAX, nanos) }
}

#[cold]
pub(super) fn rate_limited(wait: Duration) -> Refusal {
    Refusal { ending: Ending::RateLimited, retry_after: nanos(wait) }
}
