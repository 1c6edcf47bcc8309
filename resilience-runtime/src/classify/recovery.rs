//! The verdict on an error, and the trait by which an error type gives it.

use std::time::Duration;

use super::facts::Facts;

/// What an error says about trying again, and whether the dependency is to blame.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::Recovery;
/// let verdict = Recovery::throttled().after(Duration::from_secs(3));
/// assert!(verdict.is_throttled());
/// assert_eq!(verdict.retry_after(), Some(Duration::from_secs(3)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Recovery {
    pub(crate) action: Action,
    pub(crate) after: Option<Duration>,
    pub(crate) not_sent: bool,
}

/// The four verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Retry,
    Throttled,
    Never,
    Local,
}

impl Recovery {
    const fn new(action: Action) -> Self {
        Self { action, after: None, not_sent: false }
    }

    /// The dependency failed and may do better next time. Retried; a failure for the breaker.
    pub const fn retry() -> Self {
        Self::new(Action::Retry)
    }

    /// The dependency asked us to slow down. Retried, at the throttled cost; no vote in the breaker.
    pub const fn throttled() -> Self {
        Self::new(Action::Throttled)
    }

    /// The dependency answered, and would answer the same again. Not retried; a success for the breaker.
    pub const fn never() -> Self {
        Self::new(Action::Never)
    }

    /// It arose here, before anything was sent. Not retried; no vote in the breaker.
    pub const fn local() -> Self {
        Self::new(Action::Local)
    }

    /// The server asked to wait this long. The wait before the next attempt is at least that.
    #[must_use]
    pub const fn after(mut self, wait: Duration) -> Self {
        self.after = Some(wait);
        self
    }

    /// The request provably was not processed, as when the connection was refused. Retried even when
    /// `idempotent = false`.
    #[must_use]
    pub const fn not_sent(mut self) -> Self {
        self.not_sent = true;
        self
    }

    /// Whether it is [`retry`](Self::retry).
    pub const fn is_retry(self) -> bool {
        matches!(self.action, Action::Retry)
    }

    /// Whether it is [`throttled`](Self::throttled).
    pub const fn is_throttled(self) -> bool {
        matches!(self.action, Action::Throttled)
    }

    /// Whether it is [`never`](Self::never).
    pub const fn is_never(self) -> bool {
        matches!(self.action, Action::Never)
    }

    /// Whether it is [`local`](Self::local).
    pub const fn is_local(self) -> bool {
        matches!(self.action, Action::Local)
    }

    /// Whether the request provably was not processed.
    pub const fn is_not_sent(self) -> bool {
        self.not_sent
    }

    /// How long the server asked to wait.
    pub const fn retry_after(self) -> Option<Duration> {
        self.after
    }
}

/// An error that knows what it says about trying again.
///
/// Derive it with `#[derive(Classify)]`, or write it:
///
/// ```
/// use resilience_runtime::{Classify, Recovery};
///
/// enum ApiError {
///     Http(u16),
///     BadInput,
/// }
///
/// impl Classify for ApiError {
///     fn classify(&self) -> Recovery {
///         match self {
///             Self::Http(429) => Recovery::throttled(),
///             Self::Http(500..) => Recovery::retry(),
///             Self::Http(_) => Recovery::never(),
///             Self::BadInput => Recovery::local(),
///         }
///     }
///
///     fn status(&self) -> Option<u16> {
///         match self {
///             Self::Http(status) => Some(*status),
///             Self::BadInput => None,
///         }
///     }
/// }
/// # assert!(ApiError::Http(503).classify().is_retry());
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing says which errors of type `{Self}` are worth another attempt",
    label = "`{Self}` does not implement `Classify`",
    note = "write `#[derive(Classify)]` on it, or say it at the call: `call_with(body, |error| Recovery::retry())`, \
            `resilient_call_with(…, |error| Recovery::retry())`",
    note = "`resilience_runtime::call!(handle, body)` looks for known errors among its sources, as attributes do"
)]
pub trait Classify {
    /// The verdict.
    fn classify(&self) -> Recovery;

    /// The HTTP status that the error carries, if any. With `retryable_status_codes` set, it decides.
    fn status(&self) -> Option<u16> {
        None
    }

    /// Both at once, for those who have to search for them.
    #[doc(hidden)]
    fn resilience_facts(&self) -> Facts {
        Facts::new(self.classify(), self.status())
    }
}
