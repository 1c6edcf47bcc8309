//! Disarms a rule of chaos when it is dropped: the guard of an armed rule. Nothing of it is left on the path of a call then.

use std::fmt;
use std::sync::Arc;

use crate::chaos::Active;
use crate::registry::Registry;

/// A rule that acts until this is dropped, or until it ends by itself.
#[must_use = "the rule ends when its guard is dropped"]
pub struct ArmedRule {
    registry: &'static Registry,
    active: Arc<Active>,
}

impl ArmedRule {
    pub(super) fn new(registry: &'static Registry, active: Arc<Active>) -> Self {
        Self { registry, active }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.active.name()
    }

    /// How many attempts it has hit.
    pub fn injected(&self) -> u64 {
        self.active.injected()
    }

    /// Whether it may still act.
    pub fn is_armed(&self) -> bool {
        self.registry.armed_chaos().iter().any(|status| status.id == self.active.id())
    }
}

impl Drop for ArmedRule {
    fn drop(&mut self) {
        self.registry.disarm_chaos(|_, id| id == self.active.id());
        // It may have been used up before, while what it has hit hangs.
        self.active.release();
    }
}

impl fmt::Debug for ArmedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArmedRule")
            .field("name", &self.name())
            .field("injected", &self.injected())
            .finish_non_exhaustive()
    }
}
