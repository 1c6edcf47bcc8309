//! Notes the last rejection that this thread's calls were given, for tools that count what comes out of bodies whose error types
//! they cannot look into. In: each rejection that the engine gives. Out: its kind, once.

use std::cell::Cell;

use super::RejectionKind;

thread_local! {
    static LAST: Cell<Option<RejectionKind>> = const { Cell::new(None) };
}

/// A call ends with a rejection of this kind.
pub(crate) fn note_given(kind: RejectionKind) {
    // During teardown of the thread nobody asks any more.
    let _ = LAST.try_with(|last| last.set(Some(kind)));
}

/// The last kind that was noted since this was asked before.
pub(crate) fn take_given() -> Option<RejectionKind> {
    LAST.take()
}
