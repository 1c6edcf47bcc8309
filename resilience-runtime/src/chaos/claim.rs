//! Holds the place of one attempt among the `count` that a rule of chaos may hit. Given back when it is dropped, unless the attempt
//! was hit: one that could not take the error of the rule, or that ended before, uses up nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::active::{Active, HangingAttempt};
use crate::clock::Tick;

/// The place of one attempt among those that a rule may hit.
#[derive(Debug)]
#[must_use]
pub(crate) struct Claim {
    pub(super) active: Arc<Active>,
    is_settled: bool,
}

impl Claim {
    /// A place that has been counted.
    pub(super) fn new(active: &Arc<Active>) -> Self {
        Self { active: Arc::clone(active), is_settled: false }
    }

    /// The name of the rule.
    pub(crate) fn name(&self) -> &str {
        self.active.name()
    }

    /// What the rule is counted under.
    pub(crate) fn label(&self) -> &'static str {
        self.active.label()
    }

    /// The word for what it does.
    pub(crate) fn does(&self) -> &'static str {
        self.active.rule.does()
    }

    /// Holds the attempt, which hangs until the rule is disarmed.
    pub(crate) fn hold(&self) -> HangingAttempt {
        self.active.hold()
    }

    /// When the rule lets go what hangs by it, if it is not disarmed before.
    pub(crate) fn expires_at(&self) -> Option<Tick> {
        self.active.expires_at()
    }

    /// The attempt was hit. Counted once.
    pub(super) fn settle(&mut self) -> bool {
        if self.is_settled {
            return false;
        }
        self.is_settled = true;
        self.active.injected.fetch_add(1, Ordering::Relaxed);
        true
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.is_settled {
            self.active.claimed.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
