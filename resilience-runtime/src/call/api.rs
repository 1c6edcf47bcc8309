//! Begins calls and runs their attempts, as generated code asks for it. In: a site, from generated code. Out: its call; and its
//! body run once or with copies, where a plain attempt is not enough.

use std::hash::Hash;

use super::attempt::Attempt;
use super::call::Call;
use super::hedged::Hedged;
use super::injection::Slot;
use super::last_outcome::LastOutcome;
use super::once::Once;
use super::result_rules::ResultRules;
use crate::classify::Facts;
use crate::registry::Site;
use crate::rejection::Rejection;

/// Leaves every slot as it is.
type NotInjected<T, E> = fn(&Slot<'_, T, E>);

impl Site {
    /// Begins a call.
    ///
    /// # Panics
    ///
    /// At the first call of the site, outside a tokio runtime with time enabled. Timers are armed only when a
    /// body has to wait; without this check the program would panic later, and only when the service is slow.
    #[inline]
    pub fn enter<K>(&'static self) -> Call<K> {
        Call::new(self.bound())
    }
}

impl<K> Call<K> {
    /// Enters a call at its site.
    #[inline]
    pub fn at(site: &'static Site) -> Self {
        site.enter()
    }

    /// Moves the call to the state of one partition of the service.
    #[inline]
    #[must_use]
    pub fn partitioned<P>(mut self, partition: P) -> Self
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        self.move_to(&partition, || None);
        // Dropped here, while the call is a variable: if this panicked while the call is being returned, the call would
        // never be dropped.
        self.full().run_foreign(|_| drop(partition));
        self
    }

    /// The same where operators see of the partition what `label` gives, which is asked when the partition is new.
    #[inline]
    #[must_use]
    pub fn partitioned_as<P, L>(mut self, partition: P, label: impl FnOnce() -> L) -> Self
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
        L: Into<String>,
    {
        self.move_to(&partition, || Some(label().into()));
        self.full().run_foreign(|_| drop(partition));
        self
    }

    /// The same for a borrowed call.
    #[inline]
    pub(super) fn move_to<P>(&mut self, partition: &P, label: impl FnOnce() -> Option<String>)
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        let full = self.full();
        if !full.is_pass_through()
            && let Some(partition) =
                full.run_foreign(|full| full.service().lease(partition, label, full.started))
        {
            full.move_to(partition);
        }
    }

    /// Makes one attempt: `Break` with the outcome of the call, or `Continue` when another is due.
    #[inline]
    pub fn attempt<F, C, P, R, T, E>(
        &mut self,
        body: F,
        classify: C,
        last_outcome: P,
        on_rejection: R,
    ) -> Attempt<'_, F, C, P, R, NotInjected<T, E>, K>
    where
        F: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Facts,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        let inject: NotInjected<T, E> = |_| {};
        Attempt::new(self, body, ResultRules { classify, last_outcome, on_rejection, inject })
    }

    /// Makes the only attempt, of a body that may consume what it uses.
    #[inline]
    pub fn once<F, C, P, R, J, T, E>(
        &mut self,
        body: F,
        classify: C,
        last_outcome: P,
        on_rejection: R,
        inject: J,
    ) -> Once<'_, F, C, P, R, J, K>
    where
        F: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Facts,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: FnMut(&Slot<'_, T, E>),
    {
        self.is_single = true;
        Once::new(Attempt::new(self, body, ResultRules { classify, last_outcome, on_rejection, inject }))
    }

    /// Makes one attempt of a body that may run in copies.
    #[inline]
    pub fn hedged<M, F, C, P, R, J, T, E>(
        &mut self,
        make: M,
        classify: C,
        last_outcome: P,
        on_rejection: R,
        inject: J,
    ) -> Hedged<'_, M, F, C, P, R, J, K>
    where
        M: FnMut() -> F,
        F: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Facts,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: FnMut(&Slot<'_, T, E>),
    {
        Hedged::new(self, make, ResultRules { classify, last_outcome, on_rejection, inject })
    }
}
