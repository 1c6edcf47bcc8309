//! Keeps the counters of one call site, a part for each thread: calls write it, the service adds up its sites, and `site_snapshots`
//! reads them one by one.

use resilience_settings::layers::site_facts::SiteFacts;

use crate::counting::shard::{Sharded, Slot};
use crate::monitor::{Counters, SiteCounters};

/// The counters of a call site, and which site that is. Below services, which know those of their sites.
#[derive(Debug)]
pub(in crate::registry) struct SiteCounts {
    pub(in crate::registry) facts: &'static SiteFacts,
    parts: Sharded<SiteCounters>,
}

impl SiteCounts {
    pub(in crate::registry) fn new(facts: &'static SiteFacts) -> Self {
        Self { facts, parts: Sharded::new() }
    }

    /// Those of a thread, made when it first needs them; `service` are that thread's counters of the service.
    #[inline]
    pub(super) fn part(&self, slot: Slot, service: impl FnOnce() -> &'static Counters) -> &SiteCounters {
        self.parts.part_with(slot, || SiteCounters::new(service()))
    }

    /// Those of a thread, unless they have yet to be made.
    #[inline]
    pub(super) fn existing(&self, slot: Slot) -> Option<&SiteCounters> {
        self.parts.existing(slot)
    }

    /// Those of all threads.
    pub(in crate::registry) fn iter(&self) -> impl Iterator<Item = &SiteCounters> {
        self.parts.iter()
    }
}
