//! Sets what holds for one call by a handle: its deadline, its priority, its partition. In: a call that has not begun. Out: the
//! same call, which follows them. Nothing is kept beyond it.

use std::fmt;
use std::hash::Hash;

use resilience_settings::Priority;

use crate::call::call::Call;
use crate::call::deadline::Deadline;
use crate::priority::{Admitted, Importance};

/// The settings of one call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PerCall {
    pub(super) deadline: Option<Deadline>,
    pub(super) priority: Option<Priority>,
}

impl PerCall {
    /// Whether anything is set.
    #[inline]
    pub(super) fn is_some(&self) -> bool {
        self.deadline.is_some() || self.priority.is_some()
    }
}

impl<K> Call<K> {
    /// Applies them to a call whose body has not begun. A call that passes through to an outer one follows that instead.
    ///
    /// One that has nothing but a deadline of its own does not start by that, and so may take the fast path.
    #[inline(never)]
    pub(super) fn apply(&mut self, per_call: &PerCall) {
        if let PerCall { deadline: Some(deadline), priority: None } = per_call
            && self.state.is_not_started()
        {
            self.state.start_by(deadline.on(self.service().clock()));
            return;
        }
        self.apply_in_full(per_call);
    }

    /// Apart, so that the other way need not save what this one does.
    #[inline(never)]
    fn apply_in_full(&mut self, per_call: &PerCall) {
        let full = self.full();
        if full.is_pass_through() {
            return;
        }
        if let Some(deadline) = per_call.deadline {
            full.limit_to(deadline.on(full.service().clock()));
        }
        if let Some(priority) = per_call.priority {
            full.context.importance = Importance::requested(priority);
            full.context.admitted = Admitted::with(full.context.importance);
        }
    }
}

/// Which state of a service a call uses.
pub trait Partition {
    /// Moves a call there.
    #[doc(hidden)]
    fn enter<K>(self, call: &mut Call<K>);
}

/// The state of the calls without a partition.
#[derive(Clone, Copy, Debug)]
pub struct WholeService;

/// The state of one partition.
#[derive(Clone, Copy)]
pub struct InPartition<P>(pub(super) P);

impl Partition for WholeService {
    #[inline]
    fn enter<K>(self, _call: &mut Call<K>) {}
}

impl<P> Partition for InPartition<P>
where
    P: Hash + Eq + Clone + Send + Sync + 'static,
{
    #[inline]
    fn enter<K>(self, call: &mut Call<K>) {
        call.move_to(&self.0, || None);
        // Its destructor is foreign code.
        call.full().run_foreign(|_| drop(self.0));
    }
}

impl<P> fmt::Debug for InPartition<P> {
    /// Not with its value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InPartition")
    }
}

/// The state of one partition, with what operators see of it.
#[derive(Clone, Copy)]
pub struct InLabelledPartition<P, L> {
    pub(super) partition: P,
    pub(super) label: L,
}

impl<P, L, S> Partition for InLabelledPartition<P, L>
where
    P: Hash + Eq + Clone + Send + Sync + 'static,
    L: FnOnce() -> S,
    S: Into<String>,
{
    #[inline]
    fn enter<K>(self, call: &mut Call<K>) {
        let Self { partition, label } = self;
        call.move_to(&partition, || Some(label().into()));
        // Its destructor is foreign code.
        call.full().run_foreign(|_| drop(partition));
    }
}

impl<P, L> fmt::Debug for InLabelledPartition<P, L> {
    /// Without its value, which may be a secret, and without a label, which may yet have to be asked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InLabelledPartition")
    }
}
