//! What a running attempt tells the annotated calls inside it, and what they tell it back.
//!
//! The context is a small `Copy` value in a thread-local cell, swapped in around each poll of a body and out
//! again after it. A task-local by `tokio::task_local!` would cost a reference count and cannot carry the
//! answer back; a parameter would show in the user's signature.

use std::cell::Cell;

use crate::clock::Tick;
use crate::priority::{Importance, Priority};
use crate::registry::{Lineage, SiteId};

/// What holds inside an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// No inner call may go on after this.
    pub(crate) deadline: Tick,
    /// The services whose calls enclose this point.
    pub(crate) lineage: Lineage,
    /// The sites whose redirects and fallbacks enclose this point.
    pub(crate) degrading: Lineage<SiteId>,
    /// The importance that inner calls inherit.
    pub(crate) importance: Importance,
    /// The priority with which the call around this point was admitted, if there is one.
    pub(crate) admitted: Option<Priority>,
    /// What the inner calls of the attempt have said so far.
    pub(crate) report: Report,
}

/// What the inner annotated calls of one attempt say to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Some inner call failed after using up its retries.
    pub(crate) exhausted: bool,
    /// The inner call that ended last was rejected, other than for time.
    pub(crate) rejected: bool,
}

impl Context {
    /// Outside any annotated call.
    pub(crate) const ROOT: Self = Self {
        deadline: Tick::MAX,
        lineage: Lineage::ROOT,
        degrading: Lineage::ROOT,
        importance: Importance::ROOT,
        admitted: None,
        report: Report { exhausted: false, rejected: false },
    };

    /// The context of the code that runs now.
    #[inline]
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }
}

thread_local! {
    static CURRENT: Cell<Context> = const { Cell::new(Context::ROOT) };
}

/// Puts a context in force until dropped, also when the body panics.
#[derive(Debug)]
#[must_use]
pub(crate) struct Entered {
    outer: Context,
}

impl Entered {
    #[inline]
    pub(crate) fn new(context: Context) -> Self {
        Self { outer: CURRENT.replace(context) }
    }

    /// Leaves it; tells what the inner calls have said, this poll included.
    #[inline]
    pub(crate) fn leave(self) -> Report {
        let inside = CURRENT.get();
        drop(self);
        inside.report
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

/// Tells the attempt around the current call how that call ended.
#[inline]
pub(crate) fn report_to_outer(exhausted: bool, rejected: bool) {
    let mut context = CURRENT.get();
    if context.lineage != Lineage::ROOT {
        context.report.exhausted |= exhausted;
        context.report.rejected = rejected;
        CURRENT.set(context);
    }
}

/// Gives the attempt around this point, if there is one, what its inner calls have said within a scope.
pub(super) fn pass_on(report: Report) {
    let mut context = CURRENT.get();
    if context.lineage != Lineage::ROOT {
        context.report = report;
        CURRENT.set(context);
    }
}

#[cfg(feature = "testing")]
impl Context {
    /// Runs a future within this context.
    pub(crate) fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        let mut future = Box::pin(future);
        std::future::poll_fn(move |task| {
            let _entered = Entered::new(self);
            future.as_mut().poll(task)
        })
    }
}
