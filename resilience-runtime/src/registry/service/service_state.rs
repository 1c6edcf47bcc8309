//! Holds breaker, budget, bulkhead, rate limit and throttle of one service or partition: the state that attempts read and change.

use resilience_settings::policy::ServicePolicy;

use super::observed_seats::ObservedSeats;
use crate::breaker::{Breaker, Votes};
use crate::budget::{Budget, Deposits};
use crate::bulkhead::{Bulkhead, LocalPermits};
use crate::clock::Tick;
use crate::counting::shard::{Parts, Sharded, Slot, Writer};
use crate::ratelimit::RateLimit;
use crate::throttle::Throttle;
use crate::wakers::Wakers;

/// Breaker, budget, bulkhead, rate limit and throttle that belong together.
#[derive(Debug)]
pub(crate) struct ServiceState {
    pub(crate) breaker: Breaker,
    pub(crate) budget: Budget,
    pub(crate) bulkhead: Bulkhead,
    pub(crate) rate_limit: RateLimit,
    pub(crate) throttle: Throttle,
    /// What calls would hold of the bulkhead that are only observed.
    pub(crate) observed_seats: ObservedSeats,
    /// What successes write, a shard for each thread. Everything above is written when something changes or goes
    /// wrong, but for the permits of the bulkhead, which have a line of their own.
    pub(crate) shards: Sharded<ThreadShard>,
}

/// What one thread keeps of a [`ServiceState`]: looked up once in a call, and handed on.
#[derive(Debug, Default)]
pub(crate) struct ThreadShard {
    pub(crate) votes: Votes,
    pub(crate) deposits: Deposits,
    pub(crate) local_permits: LocalPermits,
}

/// A shard, and the right of the current thread to write there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShardWriter<W = Slot> {
    pub(crate) shard: &'static ThreadShard,
    pub(crate) by: W,
}

impl<W: Writer> ShardWriter<W> {
    /// Pays into the budget.
    #[inline]
    pub(crate) fn deposit(self) {
        self.shard.deposits.pay_in(self.by);
    }
}

/// Lets a concept see its own field of every shard, and nothing else.
macro_rules! shard_views {
    ($($field:ident: $kept:ty),+ $(,)?) => {$(
        impl Parts<$kept> for Sharded<ThreadShard> {
            fn iter<'a>(&'a self) -> impl Iterator<Item = &'a $kept>
            where
                $kept: 'a,
            {
                self.iter().map(|shard| &shard.$field)
            }
        }
    )+};
}
shard_views!(votes: Votes, deposits: Deposits, local_permits: LocalPermits);

impl ServiceState {
    pub(in crate::registry) fn new(now: Tick) -> Self {
        Self {
            breaker: Breaker::new(now),
            budget: Budget::new(now),
            bulkhead: Bulkhead::default(),
            rate_limit: RateLimit::default(),
            throttle: Throttle::default(),
            observed_seats: ObservedSeats::default(),
            shards: Sharded::new(),
        }
    }

    /// The shard of the current thread. Valid as long as the thread does not change, so not across an `await`.
    #[inline]
    pub(crate) fn shard(&self, slot: Slot) -> &ThreadShard {
        self.shards.part(slot)
    }

    /// The same, if it exists.
    #[inline]
    pub(crate) fn existing_shard(&self, slot: Slot) -> Option<&ThreadShard> {
        self.shards.existing(slot)
    }

    /// The share of failures among the recent results, when there are enough of them.
    pub(in crate::registry) fn failure_rate(&self, policy: &ServicePolicy, now: Tick) -> Option<f64> {
        self.breaker.failure_rate(&self.shards, now, policy.breaker.as_ref())
    }

    /// The share of successes, for adaptive budgets. Of all results, however few: a retry that is paid for without need
    /// cannot be taken back.
    pub(in crate::registry) fn success_rate(&self, policy: &ServicePolicy, now: Tick) -> Option<f64> {
        let rate = self.breaker.failure_rate_so_far(&self.shards, now, policy.breaker.as_ref());
        rate.map(|rate| 1.0 - rate)
    }

    /// Whether nothing is lost by forgetting it: the breaker is closed, no failure is known, and the rate limit is idle.
    pub(in crate::registry) fn is_healthy(&self, policy: &ServicePolicy, now: Tick) -> bool {
        let fails = self.failure_rate(policy, now).is_some_and(|rate| rate > 0.0);
        self.breaker.state().is_closed() && !fails && self.rate_limit.is_idle(now)
    }

    /// Resets it for another partition. Nobody uses it meanwhile.
    pub(in crate::registry) fn forget(&self, now: Tick) {
        self.breaker.restart(now);
        self.budget.forget(now);
        self.bulkhead.forget(&self.shards);
        self.rate_limit.forget();
        self.throttle.forget();
    }

    /// Says of one that is new whether it is only observed.
    pub(in crate::registry) fn start_in(&self, policy: &ServicePolicy, now: Tick) {
        if policy.is_observed() {
            self.breaker.observe(now);
        }
    }

    /// Adapts to other settings. Returns the wakers of waiters that get a permit by that, to be woken once no lock is held.
    pub(in crate::registry) fn reshape(&self, old: &ServicePolicy, new: &ServicePolicy, now: Tick) -> Wakers {
        let success_rate = self.success_rate(old, now);
        self.breaker.reshape(&self.shards, old.breaker.as_ref(), new.breaker.as_ref(), now);
        self.budget.reshape(&self.shards, old.budget.as_ref(), new.budget.as_ref(), now, success_rate);
        let mut woken = self.bulkhead.reshape(new.bulkhead.as_ref(), now, &self.shards);
        woken.append(self.rate_limit.reshape(old.rate_limit.as_ref(), new.rate_limit.as_ref(), now));
        self.throttle.reshape(old.throttle.as_ref(), new.throttle.as_ref(), now);
        match (old.is_observed(), new.is_observed()) {
            (_, true) => self.breaker.observe(now),
            (true, false) => self.breaker.enforce(now),
            (false, false) => {}
        }
        woken
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use resilience_settings::policy::BulkheadSettings;

    use super::*;

    #[test]
    fn a_place_for_another_partition_starts_from_the_limit_of_a_new_one() {
        let settings = settings!(BulkheadSettings {
            adaptive: true,
            max_concurrent: 100,
            ..BulkheadSettings::default()
        });
        let state = ServiceState::new(Tick(0));
        let fresh = state.bulkhead.limit(&settings);
        for step in 1..2_000 {
            let now = Tick(0).plus(Duration::from_millis(10 * step));
            state.bulkhead.observe(Duration::from_millis(5), !step.is_multiple_of(3), now, &settings);
        }
        assert_ne!(state.bulkhead.limit(&settings), fresh, "drops have moved it");
        state.forget(Tick(0).plus(Duration::from_mins(1)));
        assert_eq!(state.bulkhead.limit(&settings), fresh);
    }
}
