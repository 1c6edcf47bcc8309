//! Holds the protection of one call, from its claim to its end. In: the key, then how the call went. Out: an answer of an earlier
//! call, or the right to run; and at the end a record that says what came of it.

use std::fmt;
use std::sync::Arc;

use super::codec::Codec;
use super::hold::Hold;
use super::inside::Inside;
use super::settled::Settled;
use crate::call::call::Call;
use crate::ending::Ending;
use crate::idempotency::{Conclusion, KeyPart};
use crate::store::{Fingerprint, IdempotencyStore, RecordName, SharedValue};
use crate::wakers::shielded;

/// The protection of a call by an idempotency key.
///
/// Dropped before [`settle`](Self::settle), it gives up the key if no body has started, and else lets its lease run out.
pub struct Protected<T> {
    pub(super) state: State,
    pub(super) codec: Codec<T>,
    pub(super) fingerprint: Fingerprint,
}

/// Where it stands.
pub(super) enum State {
    /// Switched off.
    Off,
    /// The call has no key.
    Unprotected,
    /// The call may not run.
    Refused(Ending),
    /// An earlier call with the key has ended, and its result is in memory.
    Found { of: Fingerprint, value: Option<SharedValue> },
    /// Nobody has been asked yet.
    Ready(Ready),
    /// The call runs.
    Held(Hold),
    /// It has ended.
    Over,
}

/// What is to be claimed.
pub(super) struct Ready {
    pub(super) name: RecordName,
    pub(super) place: Place,
}

/// Where records are kept.
pub(super) enum Place {
    /// By another name, which is quicker to find.
    Memory(RecordName),
    Store(Arc<dyn IdempotencyStore>),
}

impl<T> Protected<T> {
    pub(super) fn new(state: State, codec: Codec<T>) -> Self {
        Self { state, codec, fingerprint: Fingerprint::NONE }
    }

    /// Says what was asked for.
    #[must_use]
    pub fn fingerprinted(mut self, request: impl KeyPart) -> Self {
        self.fingerprint = request.with_bytes(Fingerprint::new);
        self
    }

    /// Notes for which type a function runs that may run for several.
    pub fn runs_for<K>(&self, call: &Call<K>, receiver: &'static str) {
        let Some(full) = call.state.full() else { return };
        if !matches!(self.state, State::Off | State::Unprotected) {
            let (bound, result) = (full.bound, std::any::type_name::<T>());
            bound.shared().note_types(bound.facts(), bound.key_scope(), [receiver, result]);
        }
    }

    /// A body that runs while the key is held.
    pub fn inside<F>(&self, body: F) -> Inside<F> {
        let held = match &self.state {
            State::Held(hold) => Some(Arc::clone(&hold.held)),
            _ => None,
        };
        Inside::new(held, body)
    }

    /// Notes how the call has ended, before anybody answers for it. The future is ready once the store has the result, or
    /// the call has no more time to wait for that.
    pub fn settle<K, E>(&mut self, call: &Call<K>, outcome: &Result<T, E>) -> Settled {
        let State::Held(hold) = std::mem::replace(&mut self.state, State::Over) else {
            return Settled::now();
        };
        let Some(full) = call.state.full() else { return Settled::now() };
        let succeeded = if full.is_pass_through() { outcome.is_ok() } else { full.has_succeeded() };
        match (Conclusion::of(succeeded, hold.held.bodies()), outcome) {
            (Conclusion::Store, Ok(value)) => {
                let mut kept = None;
                // A `Clone` or `Serialize` that panics has no result that could be kept.
                shielded(|| kept = (self.codec.keep)(value));
                hold.store(kept, u32::try_from(size_of::<T>()).unwrap_or(u32::MAX), full)
            }
            (conclusion, _) => {
                hold.end(conclusion);
                Settled::now()
            }
        }
    }
}

impl<T> Drop for Protected<T> {
    fn drop(&mut self) {
        if let State::Held(hold) = std::mem::replace(&mut self.state, State::Over) {
            shielded(|| hold.give_up());
        }
    }
}

impl<T> fmt::Debug for Protected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Protected")
            .field("is_held", &matches!(self.state, State::Held(_)))
            .finish_non_exhaustive()
    }
}
