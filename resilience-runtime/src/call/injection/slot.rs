//! Data: a slot in which a rule and a call site meet. In: an error of some type, or a value and a change of some type. Out: the
//! error as that of the call, or the value changed, if the types agree.
//!
//! A call site knows the types of its results, and nothing else does: results may borrow, so that the engine cannot ask for
//! their `TypeId`. Without feature `testing` a slot is never made, and what fills it compiles to nothing.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use super::clients::take_by_type;
use super::taken::take;
use crate::chaos::Change;

/// What a rule has for the result of an attempt.
pub struct Slot<'s, T, E> {
    /// An error that the call may take.
    given: Cell<Option<Box<dyn Any>>>,
    made: Cell<Option<E>>,
    /// A value that may be changed.
    value: Cell<Option<&'s mut T>>,
    change: Option<&'s Change>,
    is_changed: Cell<bool>,
}

impl<T, E> Slot<'_, T, E> {
    /// Takes the error, if that function takes one of its type.
    #[inline]
    pub(super) fn error_by(&self, take: impl FnOnce(Box<dyn Any>) -> Result<E, Box<dyn Any>>) {
        let Some(given) = self.given.take() else { return };
        match take(given) {
            Ok(error) => self.made.set(Some(error)),
            Err(given) => self.given.set(Some(given)),
        }
    }
}

impl<T, E: 'static> Slot<'_, T, E> {
    /// Takes the error, if it is of the type of the call.
    pub fn take_owned(&self) {
        self.error_by(take::<E>);
    }
}

impl<'s, T, E> Slot<'s, T, E> {
    /// One with an error.
    pub(super) fn with_error(given: Box<dyn Any>) -> Self {
        Self {
            given: Cell::new(Some(given)),
            made: Cell::new(None),
            value: Cell::new(None),
            change: None,
            is_changed: Cell::new(false),
        }
    }

    /// One with a value and what changes it.
    pub(super) fn with_value(value: &'s mut T, change: &'s Change) -> Self {
        Self {
            given: Cell::new(None),
            made: Cell::new(None),
            value: Cell::new(Some(value)),
            change: Some(change),
            is_changed: Cell::new(false),
        }
    }

    /// The error, if the call takes it.
    pub(super) fn into_error(self) -> Option<E> {
        self.made.into_inner()
    }

    /// Whether the value was changed.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed.get()
    }

    /// Changes the value.
    pub(super) fn change_by(&self, apply: impl FnOnce(&Change, &mut T) -> bool) {
        if let (Some(change), Some(value)) = (self.change, self.value.take()) {
            self.is_changed.set(apply(change, value));
        }
    }
}

impl<T, E> fmt::Debug for Slot<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("is_changed", &self.is_changed).finish_non_exhaustive()
    }
}

/// Fills the slots of a call site.
pub(in crate::call) trait Inject<T, E> {
    fn inject(&mut self, slot: &Slot<'_, T, E>);
}

impl<T, E, J: FnMut(&Slot<'_, T, E>)> Inject<T, E> for J {
    #[inline]
    fn inject(&mut self, slot: &Slot<'_, T, E>) {
        self(slot);
    }
}

/// Takes an error out of its box, or gives the box back.
type Take<E> = fn(Box<dyn Any>) -> Result<E, Box<dyn Any>>;

/// Fills slots with errors of one type, as calls by handles do: of these nobody knows more than the type of their errors, and
/// that they own what they hold.
pub(in crate::call) struct ByType<E> {
    take: Take<E>,
    error: PhantomData<fn() -> E>,
}

impl<E: 'static> ByType<E> {
    #[inline]
    pub(in crate::call) fn new() -> Self {
        Self { take: take_by_type::<E>, error: PhantomData }
    }
}

impl<T, E> Inject<T, E> for ByType<E> {
    #[inline]
    fn inject(&mut self, slot: &Slot<'_, T, E>) {
        slot.error_by(self.take);
    }
}

impl<E> Clone for ByType<E> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for ByType<E> {}

impl<E> fmt::Debug for ByType<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByType")
    }
}
