//! Holds a key in memory until its call has ended. In: how its call has ended. Out: what becomes of the record. Nothing renews the
//! lease: a record is held for as long as its call lives, and what is left of the lease when a call is cut off is computed.

use std::time::Duration;

use resilience_settings::policy::IdempotencySettings;

use crate::call::engine::full::call::FullCall;
use crate::call::idempotency::codec::Kept;
use crate::clock::Tick;
use crate::idempotency::{Conclusion, Lease};
use crate::monitor::IdempotencyResult;
use crate::registry::{Service, Shared};
use crate::store::{Claimed, Completion, Fingerprint, Owner, RecordName, Records, SharedValue};

/// A key that is held in memory.
#[derive(Clone, Copy)]
pub(in crate::call::idempotency) struct MemoryHold {
    shared: &'static Shared,
    pub(super) service: &'static Service,
    pub(super) name: RecordName,
    owner: Owner,
    fingerprint: Fingerprint,
    pub(super) lease: Lease,
    ttl: Duration,
    claimed: Tick,
    pub(super) deadline: Tick,
}

impl MemoryHold {
    pub(super) fn new(
        full: &FullCall,
        settings: &IdempotencySettings,
        name: RecordName,
        of: Fingerprint,
    ) -> Self {
        Self {
            shared: full.bound.shared(),
            service: full.service(),
            name,
            owner: Owner::random(),
            fingerprint: of,
            lease: Lease::new(settings.lease, full.rules().attempt_timeout),
            ttl: settings.ttl,
            claimed: Tick::NEVER,
            deadline: full.context.deadline,
        }
    }

    /// The same, claimed then.
    pub(super) fn since(self, claimed: Tick) -> Self {
        Self { claimed, ..self }
    }

    pub(super) fn records(&self) -> &'static Records<SharedValue> {
        self.shared.results()
    }

    /// Asks for the key; it is held as long as renewals would hold it.
    pub(super) fn claim(&self, now: Tick) -> Claimed<SharedValue> {
        let until = self.lease.runs_out(now, self.deadline, self.deadline);
        self.records().claim(self.name, self.owner, self.fingerprint, until.since(now), now)
    }

    pub(in crate::call::idempotency) fn store(self, kept: Option<Kept>, size: u32, full: &FullCall) {
        let value = match kept {
            Some(Kept::Value(value)) => Some(value),
            _ => None,
        };
        let (records, now) = (self.records(), self.service.now());
        let completion =
            records.complete(self.name, self.owner, self.fingerprint, self.ttl, (value, size), now);
        if let Completion::LostTo(_) = completion {
            full.count(IdempotencyResult::LeaseLost);
        }
        self.shared.tell_of_early_results();
    }

    pub(in crate::call::idempotency) fn end(self, conclusion: Conclusion) {
        let now = self.service.now();
        match conclusion {
            Conclusion::RunOut => {
                let until = self.lease.runs_out(self.claimed, now, self.deadline);
                self.records().leave(self.name, self.owner, until.since(now), now);
            }
            Conclusion::Free | Conclusion::Store => {
                self.records().release(self.name, self.owner, now);
            }
        }
    }
}
