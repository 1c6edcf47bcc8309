//! How long a body may run once it has had to wait.

use std::task::{Context as TaskContext, Poll};

use super::Holding;
use super::course::Course;
use crate::clock::Tick;
use crate::timer::Armed;

impl Course {
    /// Whether the time of an attempt is up, for the deadline of the call if `is_late` says so. Arms
    /// the timer when asked first.
    #[inline]
    pub(super) fn poll_time_limit(
        &mut self,
        timer: &mut Option<Armed>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<()> {
        if let Some(timer) = timer {
            return timer.poll(cx);
        }
        let Some(until) = self.time_limit() else { return Poll::Pending };
        *timer = Some(self.service().registry().timers().arm(until, cx));
        Poll::Pending
    }

    /// When the body has to be done, if anything limits it.
    #[inline]
    fn time_limit(&mut self) -> Option<Tick> {
        let started = match &self.holding {
            Holding::Attempt(permit) => permit.started,
            _ => self.started,
        };
        let timeout = match &self.rules.adaptive_timeout {
            None => Tick(started.0.saturating_add(self.rules.timeout_nanos)),
            Some(_) => self.attempt_timeout().map_or(Tick::MAX, |time| started.plus(time)),
        };
        self.is_late = self.inside.deadline <= timeout;
        let until = timeout.min(self.inside.deadline);
        (until != Tick::MAX).then_some(until)
    }
}
