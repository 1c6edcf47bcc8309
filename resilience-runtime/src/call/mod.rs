//! One annotated call, from entry to outcome.
//!
//! The generated code enters a call at its site and makes attempts in a loop. Each poll of an [`attempt`] asks for a
//! [`pass`], polls the body in a [`context`] for the calls inside it, and tells the pass what came of it.
//!
//! Nearly every call goes [`straight`]: nothing stands in the way of its first attempt, which succeeds at once, or as
//! what is [`held`] after a wait. Any other has a [`Course`], in which each attempt goes through
//!
//! 1. [`gate`]: deadline, shedding, global retry cap, breaker, throttle, rate limit, bulkhead; what it gets is one
//!    [`Permit`],
//! 2. the body, under its timer,
//! 3. [`Course::succeed`], or [`fail`], which settles the permit and decides what is [`Next`],
//! 4. [`end`], which picks the result: the last outcome of an attempt, or a rejection.
//!
//! Around the loop stand [`lookup`] and [`degraded`]: the response cache, and the others that may answer. A call that
//! is dropped on the way is cancelled; its permit and its reservation go back by themselves.

mod attempt;
mod begun;
mod by_name;
mod context;
mod course;
mod deadline;
mod decide;
mod degraded;
mod desk;
mod end;
mod entries;
mod fail;
mod foreign;
mod further;
mod gate;
mod handle;
mod hedged;
mod held;
mod judge;
mod keep;
mod latency;
mod limit;
mod lookup;
mod once;
mod pass;
mod per_call;
mod permit;
mod resilient;
mod rules;
mod scope;
mod seat;
mod seat_wait;
mod steps;
mod straight;
mod turn;
mod waiting;
mod within;

use std::time::Duration;

pub use self::attempt::Attempt;
pub use self::by_name::{resilient_call, resilient_call_with};
pub use self::deadline::Deadline;
pub use self::degraded::Degraded;
pub use self::handle::{Resilient, ResilientBuilder, Setting};
pub use self::keep::{Keep, KeepErrors, RetryIfOk};
pub use self::lookup::Lookup;
pub use self::resilient::ResilientCall;
pub use self::scope::{carry_context, current_priority, with_deadline, with_priority};
pub use self::steps::{Judged, Run};
pub use self::within::Within;

use self::begun::Begun;
#[cfg(feature = "testing")]
pub(crate) use self::context::Context;
use self::course::Course;
use self::end::Followed;
use self::permit::Permit;
use crate::budget::Receipt;
use crate::classify::Facts;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::registry::{Bound, Service};
use crate::rejection::Rejection;

/// The state of one call between its attempts.
///
/// `K` is what is kept from a failed attempt: the error, or with `retry_if_ok` the whole result.
pub struct Call<K> {
    bound: &'static Bound,
    /// `None` until something happens. What a call finds out when it begins is found out in code that is compiled
    /// once, and not in the middle of each annotated function.
    begun: Begun,
    /// The body cannot run again, as its site did not say beforehand.
    is_single: bool,
    last: Option<K>,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Inside another call of the same service: it has no state of its own.
    PassThrough,
    /// No body is being polled.
    Between,
    /// A body is being polled. In `drop`, that means that it panicked.
    InBody,
    /// It is counted, and holds nothing.
    Ended,
}

/// What a call holds that is not its own. It never holds two of these, so they share their place.
#[derive(Debug)]
enum Holding {
    /// Nothing; the copies of an attempt hold their permits themselves.
    Nothing,
    /// A retry is due that costs nothing; decided then.
    FreeRetry(Tick),
    /// A retry is due that has been paid for, then.
    PaidRetry(Receipt),
    /// An attempt is under way.
    Attempt(Permit),
}

/// What an attempt is told at the gate.
#[derive(Debug)]
enum Admission {
    /// It may run.
    Granted,
    /// It runs as a part of an outer call.
    PassThrough,
    /// It has to wait.
    Pending,
    /// There is no attempt.
    Refused(Refusal),
}

/// What follows a failed attempt.
enum Next {
    /// Another attempt, at once.
    Now,
    /// Another attempt, after a delay.
    After(Duration),
    /// Nothing.
    End(Ending),
}

/// Why there is no attempt, and how long until asking again makes sense, where that is known.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    ending: Ending,
    /// In nanoseconds; the largest number when it is not known.
    retry_after: u64,
}

impl From<Ending> for Refusal {
    #[inline]
    fn from(ending: Ending) -> Self {
        Self { ending, retry_after: u64::MAX }
    }
}

impl<K> Call<K> {
    #[inline]
    pub(crate) fn new(bound: &'static Bound) -> Self {
        Self { bound, begun: Begun::not(), is_single: false, last: None }
    }

    /// Makes one attempt: `Break` with the outcome of the call, or `Continue` when another is due.
    #[inline]
    pub fn attempt<F, J, P, R, T, E>(
        &mut self,
        body: F,
        judge: J,
        keep: P,
        carry: R,
    ) -> Attempt<'_, F, J, P, R, K>
    where
        F: Future<Output = Result<T, E>>,
        J: FnMut(&E) -> Facts,
        P: Keep<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        Attempt::new(self, body, judge, keep, carry)
    }

    /// The result of a call that makes no further attempt.
    fn end<T, E>(
        &mut self,
        refusal: Refusal,
        keep: &mut impl Keep<T, E, Kept = K>,
        carry: &mut impl FnMut(Rejection) -> E,
    ) -> Result<T, E> {
        let last = self.last.take();
        let has_last = last.is_some();
        let course = self.course();
        let mut followed = Followed::default();
        // Before the call is counted as ended: if the user's conversion panics, the call has.
        let outcome = course.attend(|course| {
            let Some(kept) = last else {
                let rejection = course.rejection(refusal);
                followed = Followed::new(&rejection);
                return Err(carry(rejection));
            };
            keep.release(kept)
        });
        course.end(refusal.ending, has_last, followed);
        outcome
    }

    /// The course of the call, which begins if it has not begun.
    #[inline]
    fn course(&mut self) -> &mut Course {
        self.begun.course(self.bound)
    }

    #[inline]
    fn service(&self) -> &'static Service {
        self.bound.service()
    }
}

impl<K> std::fmt::Debug for Call<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("service", &self.service().name())
            .field("attempts", &self.begun.attempts())
            .finish_non_exhaustive()
    }
}
