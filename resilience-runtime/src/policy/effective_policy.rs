//! What a call goes by: the settings of its site and those of its service, with what follows from both. Worked out
//! where either changes, so that a call follows one pointer and asks each thing once.

use std::hash::{Hash, Hasher};

use super::limits::{LocalPermitLimits, Pace};
use super::rules::{CallRules, ServiceRules};
use crate::counting::slices::Slices;
use crate::priority::{Admitted, Importance};
use crate::recent;

/// The settings of a site and of its service, and the answers to what each call asks of them.
///
/// Two are equal when they are of the same settings, which are interned: it is enough to compare where these lie.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each for one question of a call")]
pub(crate) struct EffectivePolicy {
    pub(crate) call: &'static CallRules,
    pub(crate) service: &'static ServiceRules,
    /// [`CallRules::deadline_nanos`].
    pub(crate) deadline_nanos: u64,
    /// [`CallRules::timeout_nanos`].
    pub(crate) timeout_nanos: u64,
    /// [`ServiceRules::slow_nanos`].
    pub(crate) slow_nanos: u64,
    /// The slices in which a success is counted.
    pub(crate) slices: Slices,
    /// [`ServiceRules::local_permits`].
    pub(crate) local_permits: LocalPermitLimits,
    /// [`CallRules::importance`].
    pub(crate) importance: Importance,
    /// [`CallRules::admitted`].
    pub(crate) admitted: Admitted,
    /// Whether a first attempt can be let in without asking for more than the breaker's leave and a free seat.
    pub(crate) takes_fast_path: bool,
    /// The rate limit, when a first attempt can be let in without asking for more than the breaker's leave and a slot.
    pub(crate) pace: Option<Pace>,
    /// Whether nothing is to be done but to make attempts, and nothing is counted. Such an attempt takes the fast path, too.
    pub(crate) is_bare: bool,
    /// Whether calls are counted.
    pub(crate) is_counted: bool,
    /// Whether anything goes by when a call began.
    pub(crate) is_timed: bool,
    /// Whether a success has no time, but for the slice of the window that it is counted in, and that is long.
    pub(crate) is_about_success: bool,
    /// The same for a failure that may be followed by another attempt at once.
    pub(crate) is_about_failure: bool,
    /// Whether an attempt asks the breaker.
    pub(crate) asks_breaker: bool,
    /// Whether an attempt takes a seat of the bulkhead.
    pub(crate) takes_seat: bool,
    /// Whether a success of a first attempt is nothing to anybody but counters, a window of time and the budget.
    pub(crate) is_plain: bool,
    /// Whether a success is counted in that window.
    pub(crate) votes: bool,
    /// Whether a failed attempt that may be followed by another at once is nothing to anybody but counters, a window of
    /// results and the budget.
    pub(crate) retries_at_once: bool,
    /// [`ServiceRules::pays_for_success`].
    pub(crate) pays_for_success: bool,
}

impl EffectivePolicy {
    pub(crate) fn new(call: &'static CallRules, service: &'static ServiceRules, is_counted: bool) -> Self {
        let is_bare = !is_counted && call.is_bare && service.is_bare;
        let asks_breaker = service.breaker.is_some() && call.circuit_breaker_enabled;
        let slices = if asks_breaker { service.slices } else { Slices::DEFAULT };
        let is_limited = call.deadline_nanos != u64::MAX || call.timeout_nanos != u64::MAX;
        let is_timed = is_counted || service.reads_outcomes || service.slow_nanos != u64::MAX || is_limited;
        let takes_fast_path = !service.needs_full_admission && !call.is_slow;
        Self {
            call,
            service,
            deadline_nanos: call.deadline_nanos,
            timeout_nanos: call.timeout_nanos,
            slow_nanos: service.slow_nanos,
            slices,
            local_permits: service.local_permits,
            importance: call.importance,
            admitted: call.admitted,
            takes_fast_path,
            // Together with a seat there would be two things to take, and to give back when only one is to be had.
            pace: service
                .pace
                .filter(|_| !call.is_slow && service.throttle.is_none() && service.bulkhead.is_none()),
            is_bare,
            is_counted,
            is_timed,
            is_about_success: !is_timed && slices.length() >= recent::TICK * 10,
            // Of what is counted the whole call has a time, and no attempt that fails.
            is_about_failure: !asks_breaker
                && service.budget.is_none()
                && service.slow_nanos == u64::MAX
                && !is_limited,
            asks_breaker,
            takes_seat: service.bulkhead.is_some(),
            is_plain: if asks_breaker { service.counts_plainly } else { !service.reads_outcomes },
            // A site that does not look at the breaker has no vote either.
            votes: call.circuit_breaker_enabled && !is_bare,
            retries_at_once: takes_fast_path && call.base_delay_nanos == 0 && !service.reads_outcomes,
            pays_for_success: service.pays_for_success,
        }
    }

    /// Whether the success of a call makes a deposit, with so many attempts.
    #[inline]
    pub(crate) fn pays_for(&self, attempts: u32) -> bool {
        if attempts == 1 { self.pays_for_success } else { self.service.deposits_successes }
    }
}

impl PartialEq for EffectivePolicy {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.call, other.call)
            && std::ptr::eq(self.service, other.service)
            && self.is_counted == other.is_counted
    }
}

impl Eq for EffectivePolicy {}

impl Hash for EffectivePolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.call, state);
        std::ptr::hash(self.service, state);
        self.is_counted.hash(state);
    }
}
