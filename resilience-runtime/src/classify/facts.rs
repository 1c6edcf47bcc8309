//! All that is known of one failed attempt, gathered at the call site where the error type is known.

use super::recovery::Recovery;

/// What an error and the rules written at the call site say about it; the engine decides from these.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Facts {
    /// The classification.
    pub(crate) recovery: Recovery,
    /// The HTTP status that the error carries.
    pub(crate) status: Option<u16>,
    /// Whether `never_retry_on` matched.
    pub(crate) never: bool,
    /// What the whitelist of `retry_on` and `retry_if` says, when one is written.
    pub(crate) listed: Option<bool>,
    /// What `breaker(record_if = …)` says, when written.
    pub(crate) failure: Option<bool>,
}

impl Facts {
    /// The classification alone.
    pub const fn new(recovery: Recovery, status: Option<u16>) -> Self {
        Self { recovery, status, never: false, listed: None, failure: None }
    }

    /// The classification.
    pub const fn recovery(&self) -> Recovery {
        self.recovery
    }

    /// The HTTP status that the error carries.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Classification by hand: `on_error = …`. The status stays.
    pub const fn by(mut self, recovery: Recovery) -> Self {
        self.recovery = recovery;
        self
    }

    /// Whether `never_retry_on(…)` matched.
    pub const fn never(mut self, matched: bool) -> Self {
        self.never = matched;
        self
    }

    /// Whether `retry_on(…)` matched or `retry_if = …` agreed.
    pub const fn only(mut self, listed: bool) -> Self {
        self.listed = Some(listed);
        self
    }

    /// What `breaker(record_if = …)` said: `true` votes failure, `false` votes success.
    pub const fn failure(mut self, failed: bool) -> Self {
        self.failure = Some(failed);
        self
    }
}
