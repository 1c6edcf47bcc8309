//! Data: what the services and sites of one registry share, whatever their names: time, chance, timers, pressure, the cap on
//! retries, and the tables that they point into. Below them, so that a call finds it all without knowing the registry.

use std::fmt;
use std::sync::atomic::AtomicU32;
use std::task::Context;

use super::blind_retries::BlindRetries;
use super::call_path::{CallPaths, ServiceId, SiteId};
use super::chance::Chance;
use super::idempotency::Idempotency;
use super::interner::Interner;
use crate::budget::RetryCap;
#[cfg(feature = "testing")]
use crate::chaos::Chaos;
use crate::clock::{Clock, Tick};
use crate::counting::shard::{Sharded, Slot};
use crate::events::SpanTable;
#[cfg(feature = "otel-histogram")]
use crate::monitor::LastRecorded;
use crate::monitor::{Counters, History, Keeping, SiteCounters, Summaries, WindowSampler};
use crate::policy::{EffectivePolicy, ServiceRules};
use crate::recent::Recent;
use crate::shed::{Pressure, SamplerClients};
use crate::timer::{Armed, Timers};

/// The lower half of a registry.
pub(crate) struct Shared {
    pub(super) clock: Clock,
    pub(crate) chance: Chance,
    pub(super) recent: Recent,
    pub(super) timers: Timers,
    pub(super) retry_cap: RetryCap,
    pub(super) max_concurrent_retries: AtomicU32,
    pub(super) pressure: Pressure,
    /// Who samples the pressure.
    pub(super) sampling: SamplerClients,
    pub(super) service_policies: Interner<ServiceRules>,
    pub(super) effective_policies: Interner<EffectivePolicy>,
    pub(super) call_paths: CallPaths<ServiceId>,
    /// The sites whose redirects and fallbacks enclose one another.
    pub(super) degrading: CallPaths<SiteId>,
    /// Where calls that are not counted write once they have left the fast path: counters that nobody reads cost less
    /// than a check at each of them.
    unread: Sharded<SiteCounters>,
    unread_of_service: Sharded<Counters>,
    pub(super) idempotency: Idempotency,
    pub(super) blind_retries: BlindRetries,
    /// What the last minutes were like.
    pub(crate) window_sampler: WindowSampler,
    /// What has happened that is rare.
    pub(crate) history: History,
    /// What `monitor().start()` keeps going.
    pub(crate) keeping: Keeping,
    /// What is told of it each interval.
    pub(crate) summaries: Summaries,
    /// How far a histogram of another has the times of calls.
    #[cfg(feature = "otel-histogram")]
    pub(crate) last_recorded: LastRecorded,
    /// The spans of calls under way, where these are traced.
    pub(crate) spans: SpanTable,
    /// What is injected into attempts.
    #[cfg(feature = "testing")]
    pub(crate) chaos: Chaos,
    /// When the registry was made.
    pub(super) began: Tick,
}

impl fmt::Debug for Shared {
    /// Without its contents: each service and each site would show the settings of all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn new(max_concurrent_retries: u32, clock: Clock, chance: Chance, history: History) -> Self {
        Self {
            began: clock.now(),
            clock,
            chance,
            window_sampler: WindowSampler::default(),
            history,
            keeping: Keeping::default(),
            summaries: Summaries::default(),
            spans: SpanTable::default(),
            #[cfg(feature = "otel-histogram")]
            last_recorded: LastRecorded::default(),
            recent: Recent::new(),
            timers: Timers::new(),
            retry_cap: RetryCap::default(),
            max_concurrent_retries: AtomicU32::new(max_concurrent_retries),
            pressure: Pressure::default(),
            sampling: SamplerClients::default(),
            service_policies: Interner::new(),
            effective_policies: Interner::new(),
            call_paths: CallPaths::default(),
            degrading: CallPaths::default(),
            unread: Sharded::new(),
            unread_of_service: Sharded::new(),
            idempotency: Idempotency::default(),
            blind_retries: BlindRetries::default(),
            #[cfg(feature = "testing")]
            chaos: Chaos::default(),
        }
    }

    /// The counters of calls that are not counted.
    pub(crate) fn unread(&'static self, slot: Slot) -> &'static SiteCounters {
        self.unread.part_with(slot, || SiteCounters::new(self.unread_of_service.part(slot)))
    }

    /// The same, if they exist.
    #[inline]
    pub(crate) fn existing_unread(&self, slot: Slot) -> Option<&SiteCounters> {
        self.unread.existing(slot)
    }

    /// Arms a timer that wakes the task at `until`, or soon after.
    #[inline]
    pub(crate) fn arm(&'static self, until: Tick, cx: &mut Context<'_>) -> Armed {
        self.timers.arm(&self.clock, until, cx)
    }
}
