//! Carries out what becomes of the record of a held key, whatever the store; `idempotency/conclusion` decides. In: how the call has
//! ended. Out: the record stored, free, or left to run out.

use std::sync::Arc;

use super::codec::Kept;
use super::held_key::HeldKey;
use super::memory::MemoryHold;
use super::settled::Settled;
use super::store::StoreHold;
use crate::call::engine::full::call::FullCall;
use crate::idempotency::Conclusion;

/// A key that a call holds.
pub(super) struct Hold {
    pub(super) held: Arc<HeldKey>,
    pub(super) place: HoldPlace,
}

pub(super) enum HoldPlace {
    Memory(MemoryHold),
    Store(StoreHold),
}

impl Hold {
    /// Stores the result, or that there is one that cannot be kept.
    pub(super) fn store(self, kept: Option<Kept>, size: u32, full: &FullCall) -> Settled {
        match self.place {
            HoldPlace::Memory(hold) => {
                hold.store(kept, size, full);
                Settled::now()
            }
            HoldPlace::Store(hold) => hold.store(kept, full),
        }
    }

    /// Ends with its call, which was dropped.
    pub(super) fn give_up(self) {
        let conclusion = Conclusion::of_dropped(self.held.bodies());
        self.end(conclusion);
    }

    /// Ends without a result.
    pub(super) fn end(self, conclusion: Conclusion) {
        match self.place {
            HoldPlace::Memory(hold) => hold.end(conclusion),
            HoldPlace::Store(hold) => hold.end(conclusion),
        }
    }
}
