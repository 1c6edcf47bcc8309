//! Claims the key of a call before its first attempt, and follows what the claim came to. In: what is to be claimed. Out: nothing,
//! when the call is to run; else its outcome, which is that of an earlier call, or a rejection.

use super::codec::Kept;
use super::counted::refused;
use super::held_key::is_held_here;
use super::protected::{Place, Protected, State};
use super::verdict::Verdict;
use super::{memory, store};
use crate::call::call::Call;
use crate::call::engine::full::progress::Copies;
use crate::ending::Ending;
use crate::monitor::IdempotencyResult;
use crate::rejection::Rejection;

impl<T> Protected<T> {
    /// Claims the key. `None` when the call is to run; else its outcome.
    pub async fn begin<K, E>(
        &mut self,
        call: &mut Call<K>,
        mut carry: impl FnMut(Rejection) -> E,
    ) -> Option<Result<T, E>> {
        let verdict = match std::mem::replace(&mut self.state, State::Over) {
            State::Off | State::Held(_) | State::Over => return None,
            State::Unprotected => {
                let full = call.full();
                full.copies = Copies::OnlyIfIdempotent;
                full.count(IdempotencyResult::Unprotected);
                return None;
            }
            State::Refused(ending) => {
                let result = match ending {
                    Ending::IdempotencyKeyEmpty => IdempotencyResult::KeyEmpty,
                    _ => IdempotencyResult::ScopeShared,
                };
                Verdict::Refuse(ending.into(), result)
            }
            State::Found { of, .. } if of != self.fingerprint => Verdict::mismatch(),
            State::Found { value, .. } => Verdict::Done(value.map(Kept::Value)),
            // It waits for this call, which would wait for it.
            State::Ready(ready) if is_held_here(&ready.name) => {
                Verdict::Refuse(refused(Ending::IdempotencyInProgress, None), IdempotencyResult::InProgress)
            }
            State::Ready(ready) => {
                let settings = call.full().rules().idempotency.as_ref()?;
                let what = (ready.name, self.fingerprint);
                match ready.place {
                    Place::Memory(local) => memory::claim(call, settings, what, local).await,
                    Place::Store(place) => store::claim(call, settings, what, place).await,
                }
            }
        };
        self.follow(verdict, call, &mut carry)
    }

    fn follow<K, E>(
        &mut self,
        verdict: Verdict,
        call: &mut Call<K>,
        carry: &mut impl FnMut(Rejection) -> E,
    ) -> Option<Result<T, E>> {
        let restore = self.codec.restore;
        let (refusal, result) = match verdict {
            // What runs inside of a call of its service is let in without a look at the clock.
            Verdict::Late if call.full().is_pass_through() => {
                return Some(Err(call.refuse(Ending::DeadlineExceeded.into(), carry)));
            }
            Verdict::Late => {
                call.full().is_late();
                return None;
            }
            Verdict::Run(hold, result) => {
                // Before anything that may panic: from here on the key is given up however the call ends.
                self.state = State::Held(hold);
                call.full().count(result);
                return None;
            }
            Verdict::Refuse(refusal, result) => (refusal, result),
            // The value is cloned, or read, first: should that panic, the call has.
            Verdict::Done(kept) => {
                if let Some(value) = kept.and_then(|kept| call.full().run_foreign(|_| restore(&kept))) {
                    call.full().is_replayed();
                    return Some(Ok(value));
                }
                let ending = Ending::IdempotencyResultUnavailable;
                (ending.into(), IdempotencyResult::ResultUnavailable)
            }
        };
        call.full().count(result);
        Some(Err(call.refuse(refusal, carry)))
    }
}
