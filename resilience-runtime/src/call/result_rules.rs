//! Data: what a call site says of results; it decides none of it. In: closures of the generated code. Out: one value that holds how
//! errors are classified, which outcome is kept, and `into_error` or `on_rejection`. The user's code runs in all three.

use crate::classify::Facts;

/// What a call site says of results.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResultRules<C, P, R, J> {
    /// What an error means.
    pub(super) classify: C,
    /// Which outcome is kept, and whether an `Ok` is retried.
    pub(super) last_outcome: P,
    /// Which error a rejection becomes.
    pub(super) on_rejection: R,
    /// What fills the slots of faults that are injected.
    pub(super) inject: J,
}

/// Says what an error means to one attempt: a closure of generated code does, and the classifier of a call by a handle.
///
/// A trait beside that of handles: were closures classifiers, the compiler would report a rule of the wrong type as a missing
/// trait, and call `.await` superfluous.
pub(super) trait ClassifyError<E> {
    fn classify(&mut self, error: &E) -> Facts;
}

impl<E, C: FnMut(&E) -> Facts> ClassifyError<E> for C {
    #[inline]
    fn classify(&mut self, error: &E) -> Facts {
        self(error)
    }
}
