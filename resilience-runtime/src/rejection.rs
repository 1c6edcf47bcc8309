//! Data: the error of a call that this library ended itself, without an error of the dependency to return.

use std::borrow::Cow;
use std::time::Duration;

use resilience_settings::printable::Printable;
use std::{error, fmt, io};

#[cfg(feature = "testing")]
pub(crate) mod given;

use crate::mark::Mark;

/// The error of a call that this library ended itself: there is no error of the dependency to return.
///
/// It becomes the `E` of the annotated function by `E: From<Rejection>`, or by `on_rejection`. `anyhow`, `eyre`, boxed
/// errors, `std::io::Error` and `String` have that already; with `thiserror` it is one variant,
/// `Rejected(#[from] Rejection)`. If the function is called from another annotated function, the outer call does not
/// retry a rejection and does not count it against its own service, except when [time ran
/// out](RejectionKind::is_timeout). For an error of yours that the outer call returns, these rules apply, in this
/// order:
///
/// 1. a rule written on the outer function decides: `retry_on`, `retry_if` and `on_error` on the retry, `record_if` and
///    `on_error` on what the breaker counts;
/// 2. while the rejection, or a clone of it, still exists when the body ends, it is the outcome: inside the returned
///    error, or stored or sent away. It has to be given and returned within one poll of the outer body: if the body
///    waited for something after it, the body has moved on from it;
/// 3. an error that [is classified](crate::classify) is taken as classified. So is one that the body returned after it
///    had dropped the rejection, or replaced it by another error;
/// 4. an error of which nothing is known, of a function whose `From<Rejection>` or `on_rejection` did not keep the
///    rejection (as with `String`), is taken for the rejection.
///
/// ```
/// use resilience_runtime::{Rejection, RejectionKind};
///
/// fn explain(rejection: &Rejection) -> String {
///     match rejection.kind() {
///         RejectionKind::CircuitOpen => format!("{} is down, try later", rejection.service()),
///         _ => rejection.to_string(),
///     }
/// }
/// # let _ = explain;
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection {
    kind: RejectionKind,
    service: Cow<'static, str>,
    retry_after: Option<Duration>,
    /// Tells the outer call whether the rejection still exists.
    mark: Mark,
}

/// Why a call was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RejectionKind {
    /// The circuit breaker is open, or half-open with all its trials under way.
    CircuitOpen,
    /// All slots of the bulkhead are taken, and the queue is full or `max_wait` has passed; or the call waited in a
    /// full queue, and a more important call took its place.
    BulkheadFull,
    /// The call waited for a slot of the bulkhead, and when one became free, it had less time left than calls to the
    /// service take: it would have run into its deadline. Another call got the slot.
    WouldMissDeadline,
    /// The rate limit had no slot within `max_wait`.
    RateLimited,
    /// The client-side throttle protects a service that rejects most requests.
    Throttled,
    /// The process is under pressure, and the call is not important enough.
    Shed,
    /// A chain of redirects led back to a function that the chain has already called.
    RedirectCycle,
    /// Every attempt ran into `attempt_timeout`.
    AttemptTimeout,
    /// The deadline of the call, or of an outer call, has passed.
    DeadlineExceeded,
    /// The idempotency key is empty: all such calls would be one.
    IdempotencyKeyEmpty,
    /// Another call with this idempotency key is under way, and this one has waited for it as long as it may.
    IdempotencyInProgress,
    /// This idempotency key was used for a request with another fingerprint.
    IdempotencyMismatch,
    /// A call with this idempotency key has ended well, and its result cannot be given again: it was not kept, or is of another type by now.
    IdempotencyResultUnavailable,
    /// The store of the idempotency keys is away, so nobody knows whether such a call has run.
    IdempotencyStoreUnavailable,
    /// Another function of the service has the same scope for its idempotency keys, and would be given the results of this one.
    IdempotencyScopeShared,
}

impl RejectionKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::CircuitOpen,
        Self::BulkheadFull,
        Self::WouldMissDeadline,
        Self::RateLimited,
        Self::Throttled,
        Self::Shed,
        Self::RedirectCycle,
        Self::AttemptTimeout,
        Self::DeadlineExceeded,
        Self::IdempotencyKeyEmpty,
        Self::IdempotencyInProgress,
        Self::IdempotencyMismatch,
        Self::IdempotencyResultUnavailable,
        Self::IdempotencyStoreUnavailable,
        Self::IdempotencyScopeShared,
    ];

    /// The name that metrics use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CircuitOpen => "circuit_open",
            Self::BulkheadFull => "bulkhead_full",
            Self::WouldMissDeadline => "would_miss_deadline",
            Self::RateLimited => "rate_limited",
            Self::Throttled => "throttled",
            Self::Shed => "shed",
            Self::RedirectCycle => "redirect_cycle",
            Self::AttemptTimeout => "attempt_timeout",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::IdempotencyKeyEmpty => "idempotency_key_empty",
            Self::IdempotencyInProgress => "idempotency_in_progress",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::IdempotencyResultUnavailable => "idempotency_result_unavailable",
            Self::IdempotencyStoreUnavailable => "idempotency_store_unavailable",
            Self::IdempotencyScopeShared => "idempotency_scope_shared",
        }
    }

    /// Whether time ran out, so that the dependency may be to blame.
    pub const fn is_timeout(self) -> bool {
        matches!(self, Self::AttemptTimeout | Self::DeadlineExceeded)
    }
}

impl Rejection {
    /// Creates a rejection, for code that stands in for the library, such as tests of `From<Rejection>`.
    pub fn new(kind: RejectionKind, service: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, service: service.into(), retry_after: None, mark: Mark::NONE }
    }

    /// Sets how long it is until trying again makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Gives it a mark, by which it and its clones are counted while they exist.
    pub(crate) fn marked(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }

    /// The mark by which it is counted.
    pub(crate) const fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Why the call was ended.
    pub const fn kind(&self) -> RejectionKind {
        self.kind
    }

    /// Which service the call was for.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// How long it is until trying again makes sense: for an open breaker, the rest of the break.
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, service, retry_after, mark: _ } = self;
        f.debug_struct("Rejection")
            .field("kind", kind)
            .field("service", service)
            .field("retry_after", retry_after)
            .finish()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = Printable(&self.service);
        match self.kind {
            RejectionKind::CircuitOpen => write!(f, "the circuit breaker of `{service}` is open")?,
            RejectionKind::BulkheadFull => write!(f, "too many calls to `{service}` are under way")?,
            RejectionKind::WouldMissDeadline => {
                write!(f, "the call to `{service}` waited until it would have missed its deadline")?;
            }
            RejectionKind::RateLimited => write!(f, "the rate limit of `{service}` is reached")?,
            RejectionKind::Throttled => {
                write!(f, "`{service}` turns most requests away, this one was not sent")?;
            }
            RejectionKind::Shed => {
                write!(f, "the call to `{service}` was shed: the process is under pressure")?;
            }
            RejectionKind::RedirectCycle => write!(f, "the redirects of `{service}` lead back to itself")?,
            RejectionKind::AttemptTimeout => write!(f, "every attempt to reach `{service}` timed out")?,
            RejectionKind::DeadlineExceeded => {
                write!(f, "the deadline of the call to `{service}` has passed")?;
            }
            RejectionKind::IdempotencyKeyEmpty => {
                write!(f, "the idempotency key of a call to `{service}` is empty")?;
            }
            RejectionKind::IdempotencyInProgress => {
                write!(f, "a call to `{service}` with the same idempotency key is under way")?;
            }
            RejectionKind::IdempotencyMismatch => {
                write!(f, "the idempotency key of a call to `{service}` was used for another request")?;
            }
            RejectionKind::IdempotencyResultUnavailable => write!(
                f,
                "a call to `{service}` with the same idempotency key has succeeded, and its result is not available"
            )?,
            RejectionKind::IdempotencyStoreUnavailable => {
                write!(f, "the store of the idempotency keys of `{service}` is not available")?;
            }
            RejectionKind::IdempotencyScopeShared => {
                write!(f, "two functions of `{service}` have one scope for their idempotency keys")?;
            }
        }
        match self.retry_after {
            Some(wait) => write!(f, ", try again in {wait:.1?}"),
            None => Ok(()),
        }
    }
}

impl error::Error for Rejection {}

impl From<Rejection> for io::Error {
    /// `TimedOut` if time ran out, `Other` for the rest; `io::Error::get_ref` gives the rejection back.
    fn from(rejection: Rejection) -> Self {
        let kind = if rejection.kind.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::Other };
        Self::new(kind, rejection)
    }
}

impl From<Rejection> for String {
    /// Its text. An outer annotated call that returns a text knows that it stands for a rejection.
    fn from(rejection: Rejection) -> Self {
        rejection.to_string()
    }
}

impl From<Rejection> for &'static str {
    /// The name of its kind, such as `circuit_open`. An outer annotated call learns of the rejection from its context.
    fn from(rejection: Rejection) -> Self {
        rejection.kind.name()
    }
}

#[cfg(test)]
mod tests;
