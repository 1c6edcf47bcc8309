//! Gives each simulated process a registry of its own. Out: a registry for each, so that none knows the breakers, budgets and calls
//! of another.

use std::future::Future;

use crate::call::Context;
use crate::registry::Registry;
use crate::registry::isolated::{in_registry, scope};

/// One of several simulated processes. It is never freed, as any isolated registry.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing::simulate) struct Process(&'static Registry);

impl Process {
    /// A new one, on the clock of the run and with random numbers of its own.
    pub(in crate::testing::simulate) fn new(seed: u64) -> Self {
        Self(Box::leak(Box::new(Registry::isolated(seed))))
    }

    /// Runs a closure in it.
    pub(in crate::testing::simulate) fn set_up<R>(self, run: impl FnOnce() -> R) -> R {
        in_registry(self.0, run)
    }

    /// A future of it: calls around it are calls of another process, which it does not see.
    pub(in crate::testing::simulate) fn inside<F: Future>(
        self,
        future: F,
    ) -> impl Future<Output = F::Output> {
        scope(self.0, Context::ROOT.scope(future))
    }
}
