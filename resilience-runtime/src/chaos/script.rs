//! Holds the steps of one fault script: what each attempt meets, one after the other. In: steps. Out: the next, until there is
//! none.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::active::{HangingAttempt, HangingAttempts};
use super::maker::Maker;
use super::rule::Target;
use super::suffered::Suffered;
use crate::sync::lock;

/// The steps that attempts take, each the next.
pub(crate) struct Script {
    pub(crate) target: Target,
    steps: Mutex<VecDeque<(Step, u64)>>,
    /// The attempts that hang by it.
    held: Arc<HangingAttempts>,
}

/// What one attempt meets.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// It fails with an error.
    Fail(Maker),
    /// It ends in another way.
    End(Suffered),
    /// It waits, and goes on.
    Delay(Duration),
    /// It goes on.
    Pass,
}

impl Step {
    /// The word that events and messages have.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Fail(_) | Self::End(Suffered::Error(_)) => "error",
            Self::End(Suffered::Hang) => "hang",
            Self::End(Suffered::Panic) => "panic",
            Self::End(Suffered::Reject(_)) => "reject",
            Self::Delay(_) => "latency",
            Self::Pass => "pass",
        }
    }
}

impl Script {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, steps: Mutex::default(), held: Arc::default() }
    }

    /// Holds an attempt that hangs.
    pub(crate) fn hold(&self) -> HangingAttempt {
        HangingAttempt::new(&self.held)
    }

    /// The attempts that hang by it go on. To be called outside of every lock.
    pub(crate) fn release(&self) {
        self.held.release();
    }

    pub(super) fn add(&self, step: Step) {
        self.lock().push_back((step, 1));
    }

    /// The last step is taken so many times. `false` if it has been taken.
    pub(crate) fn repeat_last(&self, times: u64) -> bool {
        let mut steps = self.lock();
        let Some((_, left)) = steps.back_mut() else { return false };
        *left = times;
        let never = if times == 0 { steps.pop_back() } else { None };
        // What it holds is the user's.
        drop(steps);
        drop(never);
        true
    }

    /// The next step, which is taken with it.
    pub(super) fn next(&self) -> Option<Step> {
        let mut steps = self.lock();
        let (step, left) = steps.front_mut()?;
        *left -= 1;
        let (step, is_last) = (step.clone(), *left == 0);
        if is_last {
            steps.pop_front();
        }
        Some(step)
    }

    /// Whether it has no further step.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The steps that no attempt has taken, without those at the end that let it pass: what follows a script passes anyway.
    pub(crate) fn remaining(&self) -> Vec<(&'static str, u64)> {
        let steps = self.lock();
        let acting =
            steps.iter().rposition(|(step, _)| !matches!(step, Step::Pass)).map_or(0, |last| last + 1);
        steps.iter().take(acting).map(|(step, left)| (step.name(), *left)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Step, u64)>> {
        lock(&self.steps)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("target", &self.target.to_string())
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}
