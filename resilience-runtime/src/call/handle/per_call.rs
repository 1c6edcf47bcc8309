//! What is said at one call and holds for it alone: when it has to be over, how important it is, which partition it is
//! for. Nothing of it is kept.

use std::fmt;
use std::hash::Hash;

use crate::call::call::Call;
use crate::call::deadline::Deadline;
use crate::priority::{Admitted, Importance, Priority};

/// What holds for one call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PerCall {
    pub(super) deadline: Option<Deadline>,
    pub(super) priority: Option<Priority>,
}

impl PerCall {
    /// Whether anything was said.
    #[inline]
    pub(super) fn is_some(&self) -> bool {
        self.deadline.is_some() || self.priority.is_some()
    }
}

impl<K> Call<K> {
    /// Has one call, which has yet to begin, go by what was said at it. A part of an outer call goes by that.
    #[inline(never)]
    pub(super) fn said(&mut self, said: PerCall) {
        let full = self.full();
        if full.is_pass_through() {
            return;
        }
        if let Some(deadline) = said.deadline {
            let until = deadline.on(full.service().clock());
            full.context.deadline = full.context.deadline.min(until);
        }
        if let Some(priority) = said.priority {
            full.context.importance = Importance::requested(priority);
            full.context.admitted = Admitted::with(full.context.importance);
        }
    }
}

/// Which part of the service a call goes by.
pub trait Partition {
    /// Moves a call there.
    #[doc(hidden)]
    fn enter<K>(self, call: &mut Call<K>);
}

/// The call goes by the state of the whole service.
#[derive(Clone, Copy, Debug)]
pub struct WholeService;

/// The call goes by the state of one partition.
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
