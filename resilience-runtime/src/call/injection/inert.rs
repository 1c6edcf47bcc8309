//! Stands in for `hook` without feature `testing`: nothing is injected, and all of it compiles to nothing. In: an attempt whose
//! body may be polled. Out: what the body gave.

use std::fmt;
use std::marker::PhantomData;
use std::task::{Context as TaskContext, Poll};

use crate::call::engine::state::CallState;
use crate::registry::{BoundSite, PartitionState};
use crate::rejection::Rejection;

/// What a rule would have for the result of an attempt. Never made.
pub struct Slot<'s, T, E>(PhantomData<(&'s T, E)>);

impl<T, E> fmt::Debug for Slot<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}

/// Fills slots, of which there are none.
pub(in crate::call) trait Inject<T, E> {}

impl<T, E, J: FnMut(&Slot<'_, T, E>)> Inject<T, E> for J {}

/// What fills the slots of calls by handles.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct ByType<E>(PhantomData<fn() -> E>);

impl<E> ByType<E> {
    #[inline]
    pub(in crate::call) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T, E> Inject<T, E> for ByType<E> {}

/// What an attempt suffers: nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::call) struct Injection(());

/// Where an attempt is made, which nobody asks.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct Place;

impl Place {
    #[inline]
    pub(in crate::call) fn of(_: &'static BoundSite, _: &CallState) -> Self {
        Self
    }

    #[inline]
    pub(in crate::call) fn within(_: &'static BoundSite, _: &'static PartitionState) -> Self {
        Self
    }
}

impl Injection {
    /// Polls the body.
    #[expect(clippy::unused_self, reason = "with the feature there is something in it")]
    #[inline]
    pub(in crate::call) fn poll<T, E>(
        &mut self,
        _: Place,
        _: &mut impl Inject<T, E>,
        _: &mut impl FnMut(Rejection) -> E,
        poll_body: impl FnOnce(&mut TaskContext<'_>) -> Poll<Result<T, E>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<T, E>> {
        poll_body(cx)
    }
}
