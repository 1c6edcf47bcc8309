//! An error goes in, what it means to the engine comes out: by its own [`Classify`], by a function of the caller's, or by
//! what the call site can find out about its type.

use std::any::type_name;
use std::fmt;

use crate::classify::{Classify, Facts, Recovery, told};
use crate::events::note_class;

/// Says what an error means to a call.
pub trait Judge<E> {
    /// The verdict.
    #[doc(hidden)]
    fn judge(&mut self, error: &E) -> Facts;
}

/// Errors are judged by a function.
#[derive(Clone, Copy)]
pub struct ByHand<J>(pub(super) J);

/// Errors are judged by what generated code finds out.
#[derive(Clone, Copy)]
pub struct ByFacts<J>(pub(super) J);

/// Errors are judged by their own [`Classify`].
///
/// A pointer and no bound of a trait, here and for rejections: the compiler would say of the future once more that the
/// bound does not hold, and that `.await` is one too many.
pub(super) type ByTrait<E> = ByFacts<fn(&E) -> Facts>;

/// The verdict of the errors themselves.
pub(super) fn by_trait<E: Classify>() -> ByTrait<E> {
    ByFacts(told::<E>)
}

impl<E, J: FnMut(&E) -> Recovery> Judge<E> for ByHand<J> {
    fn judge(&mut self, error: &E) -> Facts {
        note_class(type_name::<E>);
        Facts::new(Recovery::retry(), None).by((self.0)(error))
    }
}

impl<E, J: FnMut(&E) -> Facts> Judge<E> for ByFacts<J> {
    fn judge(&mut self, error: &E) -> Facts {
        (self.0)(error)
    }
}

impl<J> fmt::Debug for ByHand<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByHand")
    }
}

impl<J> fmt::Debug for ByFacts<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByFacts")
    }
}
