//! Fills in the error or the changed value of a fault, whose types only the call site knows. In: what a rule has. Out: what the
//! call site made of it.

use super::slot::{Inject, Slot};
use crate::chaos::{Change, Maker};

/// The types of what a rule has, and of what a call returns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed {
    pub(super) given: &'static str,
    pub(super) wanted: &'static str,
}

/// The error of the call, if it takes what the maker makes.
pub(super) fn inject_error<T, E>(maker: &Maker, inject: &mut impl Inject<T, E>) -> Option<E> {
    let slot = Slot::with_error(maker.make());
    inject.inject(&slot);
    slot.into_error()
}

/// Changes the value of the call; says whether the types agreed.
pub(super) fn inject_value<T, E>(value: &mut T, change: &Change, inject: &mut impl Inject<T, E>) -> bool {
    let slot = Slot::with_value(value, change);
    inject.inject(&slot);
    slot.is_changed()
}
