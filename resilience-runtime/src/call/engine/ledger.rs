//! Finds whom an attempt is made against, and the counters of this thread for it. In: a call and the current thread. Out: both.

use std::time::Duration;

use super::failure::Failure;
use crate::clock::Tick;
use crate::counting::shard::{Own, Slot, Writer};
use crate::monitor::{Counters, SiteCounters};
use crate::policy::{CallRules, EffectivePolicy, ServiceRules};
use crate::registry::{BoundSite, ShardWriter, Target, ThreadShard};

/// The service or partition that an attempt calls, and the rules that its call goes by.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct AttemptTarget {
    /// The site whose call it is.
    pub(in crate::call) bound: &'static BoundSite,
    pub(in crate::call) target: Target,
    /// The settings that were in force when the call started.
    pub(in crate::call) policy: &'static EffectivePolicy,
}

impl AttemptTarget {
    #[inline]
    pub(in crate::call) fn rules(self) -> &'static CallRules {
        self.policy.call
    }

    /// The settings of the service that are in force now.
    #[inline]
    pub(in crate::call) fn service_rules(self) -> &'static ServiceRules {
        self.target.service().rules()
    }

    #[inline]
    pub(in crate::call) fn now(self) -> Tick {
        self.target.service().now()
    }

    /// The counters of the current thread.
    pub(in crate::call) fn local_counters(self) -> LocalCounters {
        let slot = Slot::current();
        let site =
            if self.policy.is_counted { self.bound.counters(slot) } else { self.bound.shared().unread(slot) };
        LocalCounters { site, shard: self.target.state().shard(slot), by: slot }
    }

    /// The same, if the thread has a slot of its own and its counters and shard exist.
    #[inline]
    pub(in crate::call) fn owned_counters(self) -> Option<LocalCounters<Own>> {
        Slot::of_owner(|slot, by| {
            let site = if self.policy.is_counted {
                self.bound.existing_counters(slot)?
            } else {
                self.bound.shared().existing_unread(slot)?
            };
            Some(LocalCounters { site, shard: self.target.state().existing_shard(slot)?, by })
        })
    }

    /// From which age on an attempt without a result is held against the service: `slow_call`, or half of what the attempt
    /// was allowed; zero when nothing says.
    pub(in crate::call) fn hung_after(self) -> Duration {
        let call = self.rules();
        let of_call = || call.attempt_timeout.or(call.deadline).map_or(Duration::ZERO, |time| time / 2);
        self.service_rules().slow_call().unwrap_or_else(of_call)
    }

    /// Counts what a failed attempt has in common with others. Its error must be the last that this thread has classified.
    #[expect(
        clippy::inline_always,
        reason = "a part of each failed attempt, which costs as much as a call does"
    )]
    #[inline(always)]
    pub(in crate::call) fn count_pattern(self, failure: &Failure, now: Tick, ends_call: bool) {
        if self.policy.is_counted {
            self.target.service().patterns.hit(failure.pattern(), failure.outcome(), now, ends_call);
        }
    }

    /// Whether the attempts of the call change no state at all.
    pub(in crate::call) fn is_bare(self, rules: &ServiceRules) -> bool {
        !self.policy.is_counted && !self.policy.is_traced && self.policy.call.is_bare && rules.is_bare
    }
}

/// Where the current thread writes what comes of a call: looked up once, for all that is written.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct LocalCounters<W = Slot> {
    pub(in crate::call) site: &'static SiteCounters,
    pub(in crate::call) shard: &'static ThreadShard,
    pub(in crate::call) by: W,
}

impl<W: Writer> LocalCounters<W> {
    /// What is counted for the service as a whole.
    #[inline]
    pub(in crate::call) fn of_service(self) -> &'static Counters {
        self.site.service
    }

    /// Where it writes to the state of the target.
    #[inline]
    pub(in crate::call) fn writer(self) -> ShardWriter<W> {
        ShardWriter { shard: self.shard, by: self.by }
    }

    /// Pays into the budget for a call with so many attempts, once.
    #[inline]
    pub(in crate::call) fn deposit(self, rules: &ServiceRules, attempts: u32, success: bool) {
        if rules.deposits_calls && attempts == 1 || rules.deposits_successes && success {
            self.writer().deposit();
        }
    }
}

/// What the current thread has of a target for itself alone.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct OwnedShards {
    /// `None` when the call is not counted.
    pub(in crate::call) counters: Option<&'static SiteCounters>,
    pub(in crate::call) shard: &'static ThreadShard,
    pub(in crate::call) own: Own,
}

impl OwnedShards {
    /// The shards of a thread with a slot of its own that has written there before; any other are made on the full path.
    #[inline]
    pub(in crate::call) fn of(bound: &BoundSite, target: Target, policy: &EffectivePolicy) -> Option<Self> {
        Slot::of_owner(|slot, own| {
            let shard = target.state().existing_shard(slot)?;
            let mut counters = None;
            if policy.is_counted {
                counters = Some(bound.existing_counters(slot)?);
            }
            Some(Self { counters, shard, own })
        })
    }
}
