//! Notes the class of an error where its type is known, for the event that is told later. In: what an error is, noted where its
//! type is known. Out: the same where its failure is told of.
//!
//! Between the two lies the engine, which knows no error types, and whose state has no room for names. Both happen in one
//! poll, so cells of the thread carry it.

use std::cell::Cell;

/// What is told of the failure that ended a call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Why {
    /// The rule that refused another attempt, by the word of its setting.
    pub(crate) decided_by: Option<&'static str>,
    /// The variant or the type of the error.
    pub(crate) class: Option<&'static str>,
    /// The HTTP status that the error carries.
    pub(crate) status: Option<u16>,
    /// Whether its body could not run again.
    pub(crate) is_single: bool,
}

/// The class of an error, which may be unknown. Never empty: what an error pattern is called costs no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class(&'static str);

impl Class {
    const UNKNOWN: Self = Self("unknown");

    /// Its name, or a word that says that it has none.
    #[inline]
    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// Its name, if it has one.
    pub(crate) fn known(self) -> Option<&'static str> {
        (self != Self::UNKNOWN).then_some(self.0)
    }
}

thread_local! {
    static CLASS: Cell<Class> = const { Cell::new(Class::UNKNOWN) };
    static WHY: Cell<Option<(usize, Why)>> = const { Cell::new(None) };
}

/// Notes the class of an error that is being classified: its variant or its type, never its text.
#[inline]
pub(crate) fn note_class(class: &'static str) {
    // A call may be dropped with its thread; there is nobody to tell then.
    let _ = CLASS.try_with(|cell| cell.set(Class(class)));
}

/// The class of the error that this thread has classified last. Only for whoever counts or tells of that error, and before
/// anything else runs that may classify another.
#[inline]
pub(crate) fn last_class() -> Class {
    CLASS.try_with(Cell::get).unwrap_or(Class::UNKNOWN)
}

/// Notes what ends the call at this address, for the event of its end.
pub(crate) fn note_why(call: usize, why: Why) {
    let _ = WHY.try_with(|cell| cell.set(Some((call, why))));
}

/// What was noted last, once, if it is of the call at this address. Between the note and the end of a call foreign code
/// may run, which may make calls of its own: what these have noted is not of this one.
pub(crate) fn take_why(call: usize) -> Why {
    let noted = WHY.try_with(Cell::take).ok().flatten();
    noted.filter(|(of, _)| *of == call).map_or_else(Why::default, |(_, why)| why)
}

/// Runs foreign code, which may make calls of its own, and leaves what is noted as it was.
pub(super) fn apart(foreign: impl FnOnce()) {
    let before = last_class();
    foreign();
    let _ = CLASS.try_with(|cell| cell.set(before));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_call_is_taken_once_and_by_that_call_alone() {
        let why = Why { status: Some(503), ..Why::default() };
        note_why(1, why);
        assert_eq!([take_why(1).status, take_why(1).status], [Some(503), None]);
        note_why(1, why);
        assert_eq!([take_why(2).status, take_why(1).status], [None, None]);
    }

    #[test]
    fn a_class_is_that_of_the_last_error_and_not_that_of_a_listener() {
        note_class("First");
        note_class("Outer");
        apart(|| note_class("OfTheListener"));
        assert_eq!([last_class().known(), last_class().known()], [Some("Outer"), Some("Outer")]);
    }
}
