//! Runs a body while its call holds a key. In: each poll. Out: the same, with the key in force for the calls inside, and a note of
//! whether it started and ended.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;

use super::held_key::{HeldKey, holding};

pin_project! {
    /// The body of one attempt.
    #[must_use = "futures do nothing unless polled"]
    pub struct Inside<F> {
        run: Run,
        #[pin]
        body: F,
    }
}

/// Apart from the body, as its end is noted when it is dropped.
struct Run {
    held: Option<Arc<HeldKey>>,
    is_started: bool,
}

impl<F> Inside<F> {
    pub(super) fn new(held: Option<Arc<HeldKey>>, body: F) -> Self {
        Self { run: Run { held, is_started: false }, body }
    }
}

impl<F: Future> Future for Inside<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(held) = &this.run.held else { return this.body.poll(cx) };
        if !this.run.is_started {
            this.run.is_started = true;
            held.starts();
        }
        let output = ready!(holding(Some(Arc::clone(held)), || this.body.poll(cx)));
        held.ends();
        this.run.is_started = false;
        Poll::Ready(output)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.is_started
            && let Some(held) = &self.held
        {
            held.is_cut_off();
        }
    }
}

impl<F> fmt::Debug for Inside<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inside").finish_non_exhaustive()
    }
}
