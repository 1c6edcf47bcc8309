//! Ends a full call that has succeeded; what can be done at once is in `engine/success`. In: its last attempt. Out: the permit
//! settled, the call counted and ended.

use std::ptr;

use super::call::FullCall;
use super::progress::{LastAttempt, Progress};
use crate::breaker::Vote;
use crate::call::context::{Given, report_to_outer};
use crate::call::engine::events::{attempt_ended, call_ended};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::{AttemptTarget, LocalCounters, OwnedShards};
use crate::call::engine::success::{Recorded, Success};
use crate::clock::Tick;
use crate::counting::shard::Writer;
use crate::monitor::{AttemptOutcome, CallOutcome};

impl FullCall {
    /// The body returned an `Ok` that is wanted.
    pub(in crate::call) fn succeed(&mut self) {
        self.succeed_at(self.service().now());
    }

    #[inline(never)]
    pub(in crate::call) fn succeed_at(&mut self, now: Tick) {
        let attempt = self.attempt_target();
        match attempt.owned_counters() {
            Some(local) => self.succeed_with(now, attempt, local),
            None => self.succeed_with_shared(now, attempt),
        }
    }

    /// The same on a thread that has no counters of its own. Apart, as few threads are so.
    #[inline(never)]
    fn succeed_with_shared(&mut self, now: Tick, attempt: AttemptTarget) {
        self.succeed_with(now, attempt, attempt.local_counters());
    }

    #[inline]
    fn succeed_with<W: Writer>(&mut self, now: Tick, attempt: AttemptTarget, local: LocalCounters<W>) {
        let rules = attempt.service_rules();
        let mut transition = None;
        if let Holding::Attempt(permit) = &mut self.holding {
            let time = now.nanos_since(permit.started);
            let vote = Vote::of(false, time >= rules.slow_nanos);
            transition = permit.succeed(attempt, rules, vote, now, local);
            self.remember(AttemptOutcome::Success, time, now);
        }
        local.deposit(rules, self.attempts, true);
        self.last_attempt = LastAttempt::Succeeded;
        self.tell(transition);
        let mut began = self.started;
        if let Holding::Attempt(permit) = &mut self.holding {
            permit.count_success(local);
            let number = permit.number;
            attempt.target.service().step(|| attempt_ended(number, AttemptOutcome::Success));
            began = permit.started;
        }
        self.progress = Progress::Ended;
        self.service().step(|| call_ended(CallOutcome::Success));
        local.site.call_succeeded(now.nanos_since(began), now.nanos_since(self.started), local.by);
        report_to_outer(false, Given::Nothing);
    }

    /// The body of a full call has given an `Ok` that is wanted.
    pub(in crate::call) fn succeed_in_full(&mut self) {
        let now = self.service().now();
        let Some(success) = self.success(now) else { return self.succeed_at(now) };
        let recorded = success.record(now);
        if matches!(recorded, Recorded::Not) {
            return self.succeed_at(now);
        }
        // Before anything that might panic.
        self.holding = Holding::Nothing;
        self.last_attempt = LastAttempt::Succeeded;
        self.progress = Progress::Ended;
        if matches!(recorded, Recorded::PermitLeft) {
            success.count_and_release(success.began(now));
        }
        report_to_outer(false, Given::Nothing);
    }

    /// Its success now, for the current thread; `None` if that has no shards yet, or if it concerns more than a
    /// [`Success`] does.
    #[inline]
    fn success(&self, now: Tick) -> Option<Success> {
        let Holding::Attempt(permit) = &self.holding else { return None };
        let (attempt, policy) = (self.attempt_target(), self.policy);
        if policy.call.reads_latency || !ptr::eq(policy.service, attempt.service_rules()) {
            return None;
        }
        let shards = OwnedShards::of(self.bound, attempt.target, policy)?;
        Some(Success {
            policy,
            target: attempt.target,
            shards,
            ticket: permit.ticket(),
            has_bulkhead_permit: permit.bulkhead.is_some(),
            has_retry_slot: permit.has_retry_slot,
            number: permit.number,
            makes_deposit: policy.deposits_after(self.attempts),
            attempt_nanos: now.nanos_since(permit.started),
            call_nanos: now.nanos_since(self.started),
        })
    }
}
