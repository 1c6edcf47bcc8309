//! Data: what one attempt is to meet, a delay, then a fault, then a changed result. In: what `rules` and scripts have for it. Out:
//! a plan that the attempt carries out.

use std::sync::Arc;
use std::time::Duration;

use super::claim::Claim;
use super::maker::Change;
use super::script::Script;
use super::suffered::Suffered;

/// What one attempt is to meet.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// By the script, before anything else. What it waits by rules, their claims have.
    pub(crate) delay: Duration,
    /// In place of the body.
    pub(crate) end: Option<End>,
    /// To the `Ok` of the body.
    pub(crate) change: Option<(Change, Claim)>,
    /// The rules that have only delayed it.
    pub(crate) delayed_by: Vec<Claim>,
    /// The script that gave it a step, with the word for that.
    pub(crate) script: Option<(Arc<Script>, &'static str)>,
}

/// A fault in place of a body.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) suffered: Suffered,
    /// The rule; `None` for a script.
    pub(crate) claim: Option<Claim>,
}

impl Plan {
    /// The rules that have something for it.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &Claim> {
        let end = self.end.as_ref().and_then(|end| end.claim.as_ref());
        let change = self.change.as_ref().map(|(_, claim)| claim);
        self.delayed_by.iter().chain(end).chain(change)
    }

    /// Whether the attempt goes on as if there were none.
    pub(crate) fn is_nothing(&self) -> bool {
        self.delay.is_zero()
            && self.end.is_none()
            && self.change.is_none()
            && self.delayed_by.is_empty()
            && self.script.is_none()
    }
}
