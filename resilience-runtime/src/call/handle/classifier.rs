//! An error goes in, what it means to the engine comes out: by its own [`Classify`], by a function of the caller's, or by
//! what the call site can find out about its type.

use std::any::type_name;
use std::fmt;

use crate::classify::{Classify, Facts, Recovery, told};
use crate::events::note_class;

/// Says what an error means to a call.
pub trait Classifier<E> {
    /// The verdict.
    #[doc(hidden)]
    fn classify(&mut self, error: &E) -> Facts;
}

/// Errors are classified by a function that returns a [`Recovery`].
#[derive(Clone, Copy)]
pub struct ByRecovery<C>(pub(super) C);

/// Errors are classified by a function that returns all facts, as generated code has it.
#[derive(Clone, Copy)]
pub struct ByFacts<C>(pub(super) C);

/// Errors are classified by their own [`Classify`].
///
/// A pointer and no bound of a trait, here and for rejections: the compiler would say of the future once more that the
/// bound does not hold, and that `.await` is one too many.
pub(super) type ByTrait<E> = ByFacts<fn(&E) -> Facts>;

/// The verdict of the errors themselves.
pub(super) fn by_trait<E: Classify>() -> ByTrait<E> {
    ByFacts(told::<E>)
}

impl<E, C: FnMut(&E) -> Recovery> Classifier<E> for ByRecovery<C> {
    fn classify(&mut self, error: &E) -> Facts {
        note_class(type_name::<E>());
        Facts::new(Recovery::retry(), None).by((self.0)(error))
    }
}

impl<E, C: FnMut(&E) -> Facts> Classifier<E> for ByFacts<C> {
    fn classify(&mut self, error: &E) -> Facts {
        (self.0)(error)
    }
}

impl<C> fmt::Debug for ByRecovery<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByRecovery")
    }
}

impl<C> fmt::Debug for ByFacts<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByFacts")
    }
}
