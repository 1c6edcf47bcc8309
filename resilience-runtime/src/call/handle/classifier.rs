//! Classifies the errors of calls by a handle: by a closure, or by their own [`Classify`]. In: an error. Out: what it means to the
//! engine, by its own [`Classify`], by a function of the caller's, or by what the call site finds out about its type.

use std::any::type_name;
use std::fmt;

use crate::call::result_rules::ClassifyError;
use crate::classify::{Classify, Facts, Recovery, told};
use crate::events::note_class;

/// Classifies the errors of a call.
pub trait Classifier<E> {
    /// What the error means.
    #[doc(hidden)]
    fn classify(&mut self, error: &E) -> Facts;
}

/// A classifier, as attempts ask it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByClassifier<C>(pub(super) C);

impl<E, C: Classifier<E>> ClassifyError<E> for ByClassifier<C> {
    #[inline]
    fn classify(&mut self, error: &E) -> Facts {
        self.0.classify(error)
    }
}

/// Errors are classified by a function that returns a [`Recovery`].
#[derive(Clone, Copy)]
pub struct ByRecovery<C>(pub(super) C);

/// Errors are classified by a function that returns all facts, as generated code has it.
#[derive(Clone, Copy)]
pub struct ByFacts<C>(pub(super) C);

/// Errors are classified by their own [`Classify`].
///
/// A function pointer and no trait bound, here and for rejections: if the bound did not hold, the compiler would report
/// it a second time for the future, and call `.await` superfluous.
pub(super) type ByTrait<E> = ByFacts<fn(&E) -> Facts>;

/// The classification that the errors have of their own.
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
