//! Data: the words of the engine's decisions: whether an attempt may begin, what follows one that has failed, and why there is
//! none.

use std::time::Duration;

use crate::clock::nanos;
use crate::ending::Ending;
use crate::registry::Service;
#[cfg(feature = "testing")]
use crate::rejection::given::note_given;
use crate::rejection::{Rejection, RejectionKind};

/// Whether an attempt may begin.
#[derive(Debug)]
pub(in crate::call) enum Admission {
    /// It may run.
    Granted,
    /// It runs as a part of an outer call.
    PassThrough,
    /// It has to wait.
    Pending,
    /// There is no attempt.
    Refused(Refusal),
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) enum Next {
    /// Another attempt, at once.
    Now,
    /// Another attempt, after a delay.
    After(Duration),
    /// Nothing.
    End(Ending),
}

/// Why there is no attempt, and how long until asking again makes sense, where that is known.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct Refusal {
    pub(in crate::call) ending: Ending,
    /// In nanoseconds; the largest number when it is not known.
    pub(in crate::call) retry_after: u64,
}

impl From<Ending> for Refusal {
    #[inline]
    fn from(ending: Ending) -> Self {
        Self { ending, retry_after: u64::MAX }
    }
}

impl Refusal {
    /// What the caller is told.
    pub(in crate::call) fn rejection(self, kind: RejectionKind, service: &Service) -> Rejection {
        #[cfg(feature = "testing")]
        note_given(kind);
        let rejection = Rejection::new(kind, service.name());
        if self.retry_after == u64::MAX {
            return rejection;
        }
        rejection.with_retry_after(Duration::from_nanos(self.retry_after))
    }
}

#[cold]
pub(in crate::call) fn circuit_open(retry_after: Option<Duration>) -> Refusal {
    Refusal { ending: Ending::CircuitOpen, retry_after: retry_after.map_or(u64::MAX, nanos) }
}

#[cold]
pub(in crate::call) fn rate_limited(wait: Duration) -> Refusal {
    Refusal { ending: Ending::RateLimited, retry_after: nanos(wait) }
}
