//! Decides whether and when a copy (hedge) of a slow attempt starts, and how long an attempt may take (timeout). In: the settings,
//! and how long attempts took. Out: when the next copy is due, the limit of a body, and its adaptive timeout.

use std::time::Duration;

use resilience_settings::policy::HedgeAfter;

use super::call::FullCall;
use super::progress::{Copies, TimeLimit};
use crate::call::engine::holding::Holding;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::monitor::AttemptOutcome;

impl FullCall {
    /// When the body has to be done, if anything limits it; notes whether that is the deadline of the call.
    #[inline]
    pub(in crate::call) fn time_limit(&mut self) -> Option<Tick> {
        let started = match &self.holding {
            Holding::Attempt(permit) => permit.started,
            _ => self.started,
        };
        let timeout = match &self.rules().adaptive_timeout {
            None => Tick(started.0.saturating_add(self.rules().timeout_nanos)),
            Some(_) => self.attempt_timeout().map_or(Tick::MAX, |time| started.plus(time)),
        };
        self.limit = if self.context.deadline <= timeout { TimeLimit::Call } else { TimeLimit::Attempt };
        let until = timeout.min(self.context.deadline);
        (until != Tick::MAX).then_some(until)
    }

    /// How long an attempt may take: fixed, or made from what recent attempts took.
    pub(in crate::call) fn attempt_timeout(&self) -> Option<Duration> {
        let ceiling = self.rules().attempt_timeout?;
        let Some(adaptive) = &self.rules().adaptive_timeout else { return Some(ceiling) };
        let recent = self.bound.timeout_latency(adaptive.quantile, self.service().now());
        Some(recent.map_or(ceiling, |time| {
            let time =
                Duration::try_from_secs_f64(time.as_secs_f64() * adaptive.factor.get()).unwrap_or(ceiling);
            time.min(ceiling).max(adaptive.floor)
        }))
    }

    /// How long after its start an attempt gets its first copy; `None` while too little is known to say.
    pub(in crate::call) fn hedge_after(&self) -> Option<Duration> {
        let rules = self.rules();
        // The copies have one key, or may run twice without.
        let have_a_key = rules.idempotency.is_some() && self.copies == Copies::AsTheSettingsSay;
        if rules.idempotent != Some(true) && !have_a_key {
            return None;
        }
        match rules.hedge.as_ref()?.after {
            HedgeAfter::Fixed(time) => Some(time),
            HedgeAfter::Quantile(share) => self.bound.hedge_latency(share, self.service().now()),
            _ => None,
        }
    }

    /// When the next copy is due, after so many.
    pub(in crate::call) fn next_hedge(&self, copies: usize, now: Tick) -> Option<Tick> {
        let max = self.rules().hedge.as_ref()?.max as usize;
        if copies >= max { None } else { self.hedge_after().map(|after| now.plus(after)) }
    }

    /// Remembers how long an attempt took, where a quantile is asked for. One that ran into its timeout would have
    /// taken longer, nobody knows how much: it counts twice, or timeouts would only ever shrink.
    #[inline]
    pub(in crate::call) fn remember(&self, outcome: AttemptOutcome, nanos: u64, now: Tick) {
        if self.rules().reads_latency {
            self.learn(outcome, nanos, now);
        }
    }

    #[cold]
    fn learn(&self, outcome: AttemptOutcome, nanos: u64, now: Tick) {
        let nanos = if outcome == AttemptOutcome::TimedOut { nanos.saturating_mul(2) } else { nanos };
        self.service().recent.record(nanos, now, Slot::current());
    }
}
