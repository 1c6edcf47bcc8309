//! Asks for an injected fault in each attempt; `suffering` is where it acts. In: an attempt whose body is about to be polled. Out:
//! what the body gave, or what was injected in its place.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::{Context as TaskContext, Poll};

use super::inject::{Typed, inject_error, inject_value};
use super::place::Place;
use super::slot::Inject;
use super::suffering::{Step, Suffering};
use crate::rejection::Rejection;

/// What one attempt has been told to suffer.
#[derive(Debug, Default)]
pub(in crate::call) struct Injection {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    /// The body has not been polled.
    #[default]
    NotPolled,
    /// It has, and nothing is in its way.
    Unhindered,
    Suffering(Box<Suffering>),
}

impl Injection {
    /// Polls the body, or what is injected in its place.
    #[inline]
    pub(in crate::call) fn poll<T, E>(
        &mut self,
        place: Place,
        inject: &mut impl Inject<T, E>,
        on_rejection: &mut impl FnMut(Rejection) -> E,
        poll_body: impl FnOnce(&mut TaskContext<'_>) -> Poll<Result<T, E>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<T, E>> {
        match self.state {
            State::NotPolled => {
                self.state = State::Unhindered;
                if !place.bound.shared().chaos.is_armed() {
                    return poll_body(cx);
                }
                match Suffering::begin(place) {
                    Some(suffering) => self.state = State::Suffering(suffering),
                    None => return poll_body(cx),
                }
            }
            State::Unhindered => return poll_body(cx),
            State::Suffering(_) => {}
        }
        self.suffer(place, inject, on_rejection, poll_body, cx)
    }

    #[cold]
    fn suffer<T, E>(
        &mut self,
        place: Place,
        inject: &mut impl Inject<T, E>,
        on_rejection: &mut impl FnMut(Rejection) -> E,
        poll_body: impl FnOnce(&mut TaskContext<'_>) -> Poll<Result<T, E>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<T, E>> {
        let State::Suffering(suffering) = &mut self.state else { return poll_body(cx) };
        match suffering.poll(place, cx) {
            Step::Pending => return Poll::Pending,
            Step::Reject(rejection) => {
                self.state = State::Unhindered;
                return Poll::Ready(Err(on_rejection(rejection)));
            }
            Step::Error(maker) => {
                let made = or_settled(|| inject_error(&maker, inject), || suffering.settle_panic(place));
                let types = Typed { given: maker.type_name(), wanted: std::any::type_name::<E>() };
                let is_made = suffering.settle_error(place, made.is_some(), types);
                if is_made && let Some(error) = made {
                    self.state = State::Unhindered;
                    return Poll::Ready(Err(error));
                }
            }
            Step::Body => {}
        }
        let polled = poll_body(cx);
        if let Poll::Ready(outcome) = polled {
            let mut outcome = outcome;
            if let (Ok(value), Some(change)) = (&mut outcome, suffering.change(place)) {
                let change_it = || inject_value(value, &change, inject);
                let is_changed = or_settled(change_it, || suffering.settle_panic(place));
                let types = Typed { given: change.type_name(), wanted: std::any::type_name::<T>() };
                suffering.settle_change(place, is_changed, types);
            }
            self.state = State::Unhindered;
            return Poll::Ready(outcome);
        }
        polled
    }
}

/// Runs what is the user's, and settles what it was a part of before its panic goes on.
fn or_settled<R>(run: impl FnOnce() -> R, settle: impl FnOnce()) -> R {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        settle();
        resume_unwind(panic)
    })
}
