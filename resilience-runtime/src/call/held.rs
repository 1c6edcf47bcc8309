//! A first attempt that has gone straight so far, and whose body waits: what a call keeps from one poll to the next
//! that may yet go straight to its success.

use std::ptr;

use super::context::{Context, Report};
use super::course::Course;
use super::desk::OwnParts;
use super::permit::Permit;
use super::straight::Success;
use crate::breaker::Leave;
use crate::clock::Tick;
use crate::policy::Terms;
use crate::registry::Bound;

/// What a first attempt holds between two polls: the breaker's leave if the terms say that it is asked, and a seat if
/// they say so. Whoever drops it makes a [`Course`] of it first.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) bound: &'static Bound,
    pub(super) terms: &'static Terms,
    pub(super) leave: Leave,
    pub(super) started: Tick,
    /// What the calls inside it have said so far.
    pub(super) report: Report,
    /// The body is being polled. When it is dropped, that means that it panicked.
    pub(super) is_in_body: bool,
}

impl Held {
    /// The context of its body.
    #[inline]
    pub(super) fn inside(&self) -> Context {
        Context { report: self.report, ..Course::context(self.bound, self.terms, self.started) }
    }

    /// The body waits. A rejection that comes out of it does so in the poll that brought it; what it went on from, it
    /// has dealt with.
    #[inline]
    pub(super) fn pause(&mut self) {
        self.report = self.report.dealt_with();
        self.is_in_body = false;
    }

    /// When the body has to be done, if anything limits it.
    #[inline]
    pub(super) fn time_limit(&self) -> Option<Tick> {
        let limit = self.terms.deadline_nanos.min(self.terms.timeout_nanos);
        (limit != u64::MAX).then(|| Tick(self.started.0.saturating_add(limit)))
    }

    /// Its success now, for the current thread; `None` if that has no parts yet, or other settings have come into force.
    #[inline]
    pub(super) fn success(&self, now: Tick) -> Option<Success> {
        let service = self.bound.service();
        if !ptr::eq(self.terms.service, service.rules()) {
            return None;
        }
        let parts = OwnParts::of(service.target(), self.terms)?;
        Some(Success::of_first(self.bound, self.terms, parts, self.leave, self.started, now))
    }

    /// The course of the call, which goes on otherwise.
    #[inline]
    pub(super) fn to_course(&self) -> Course {
        let leave = self.terms.asks_breaker.then_some(self.leave);
        let permit = Permit::running(leave, self.terms.takes_seat, false, self.started);
        let mut course =
            Course::under_way(self.bound, self.terms, self.started, permit, self.inside(), self.is_in_body);
        course.is_late = self.terms.deadline_nanos <= self.terms.timeout_nanos;
        course
    }
}
