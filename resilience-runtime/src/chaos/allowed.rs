//! Decides whether rules of chaos from a file or an operator may act in this process: where the program has said so. In: the
//! program says so. Out: the question.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_ALLOWED: AtomicBool = AtomicBool::new(false);

/// They may from now on.
pub(crate) fn allow() {
    IS_ALLOWED.store(true, Ordering::Release);
}

/// Whether they may.
pub(crate) fn is_allowed() -> bool {
    IS_ALLOWED.load(Ordering::Acquire)
}
