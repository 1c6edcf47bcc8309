//! Data: the classification of an error ([`Recovery`]): whether a retry may help, when, and whether the dependency is to blame.
//! Whether there is one is decided in `call/engine/retry_rules`.

use std::time::Duration;

/// What an error says about retrying, and whether the dependency is to blame.
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

/// The four classifications.
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

    /// The dependency asked us to slow down. Retried, at the throttled cost; not counted by the breaker.
    pub const fn throttled() -> Self {
        Self::new(Action::Throttled)
    }

    /// The dependency answered, and would answer the same again. Not retried; a success for the breaker.
    pub const fn never() -> Self {
        Self::new(Action::Never)
    }

    /// The error arose on this side, before anything was sent. Retrying would not help: not retried; not counted by the
    /// breaker.
    pub const fn local() -> Self {
        Self::new(Action::Local)
    }

    /// The server asked to wait this long. The delay before the next attempt is at least that.
    #[must_use]
    pub const fn after(mut self, wait: Duration) -> Self {
        self.after = Some(wait);
        self
    }

    /// The request was certainly not processed, as when the connection was refused. Retried even when
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

    /// Whether the request was certainly not processed.
    pub const fn is_not_sent(self) -> bool {
        self.not_sent
    }

    /// How long the server asked to wait.
    pub const fn retry_after(self) -> Option<Duration> {
        self.after
    }
}
