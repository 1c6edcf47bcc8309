//! Holds the place of one attempt among the `count` that a rule of chaos may hit. Given back when it is dropped, unless the attempt
//! was hit: one that could not take the error of the rule, or that ended before, uses up nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::active::{Active, HangingAttempt};
use crate::clock::Tick;

/// The place of one attempt among those that a rule may hit.
#[derive(Debug)]
#[must_use]
pub(crate) struct Claim {
    pub(super) active: Arc<Active>,
    /// How long the attempt waits by the rule, before anything else.
    delay: Duration,
    is_settled: bool,
}

impl Claim {
    /// A place that has been counted, of an attempt that is to wait so long.
    pub(super) fn new(active: &Arc<Active>, delay: Duration) -> Self {
        Self { active: Arc::clone(active), delay, is_settled: false }
    }

    /// How long the attempt waits by the rule.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
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

    /// Holds the attempt, which hangs or waits until the rule is disarmed.
    pub(crate) fn hold(&self) -> HangingAttempt {
        self.active.hold()
    }

    /// Whether the rule was disarmed or has expired.
    pub(crate) fn has_ended(&self, now: Tick) -> bool {
        self.active.has_ended(now)
    }

    /// When the rule expires, if it is not disarmed before.
    pub(crate) fn expires_at(&self) -> Option<Tick> {
        self.active.expires_at()
    }

    /// When the rule does not act any more, if it is not disarmed before.
    pub(crate) fn acts_until(&self, now: Tick) -> Option<Tick> {
        self.active.acts_until(now)
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
