//! Claims a key in memory and waits for the call that holds it; `store/memory/shard` grants it. In: a call. Out: the key, the
//! result of an earlier call, or a wait for the call that holds it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, ready};

use resilience_settings::policy::IdempotencySettings;

use super::hold::MemoryHold;
use crate::call::call::Call;
use crate::call::idempotency::codec::Kept;
use crate::call::idempotency::counted::refused;
use crate::call::idempotency::held_key::HeldKey;
use crate::call::idempotency::hold::{Hold, HoldPlace};
use crate::call::idempotency::verdict::Verdict;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::idempotency::wait_until;
use crate::monitor::IdempotencyResult;
use crate::store::{Claimed, Fingerprint, RecordName, SharedValue, Waiter};
use crate::timer::Delay;

/// What a wait is for.
struct Wait {
    waiter: Option<Waiter<'static, SharedValue>>,
    /// It joined the line before it asked last, so that it misses nothing.
    in_line: bool,
    until: Tick,
}

/// Claims the key, or waits for the call that holds it: woken at once when that ends, or a little later if another was woken
/// that does not come for it.
pub(in crate::call::idempotency) async fn claim<K>(
    call: &mut Call<K>,
    settings: &'static IdempotencySettings,
    (name, fingerprint): (RecordName, Fingerprint),
    local: RecordName,
) -> Verdict {
    let hold = MemoryHold::new(call.full(), settings, local, fingerprint);
    let began = hold.service.now();
    let until = wait_until(began, settings.wait, hold.deadline);
    let mut wait = Wait { waiter: None, in_line: false, until };
    let mut timer = pin!(Delay::none());
    let verdict = poll_fn(|cx| {
        call.full().run_foreign(|full| {
            loop {
                let now = full.service().now();
                let lease_until = if let Some(kept_until) = wait.kept_until(now) {
                    kept_until
                } else {
                    match hold.claim(now) {
                        Claimed::Granted(_) => {
                            let place = HoldPlace::Memory(hold.since(now));
                            let hold = Hold { held: HeldKey::new(name), place };
                            return Poll::Ready(Verdict::Run(hold, IdempotencyResult::Executed));
                        }
                        Claimed::Done(value) => return Poll::Ready(Verdict::Done(value.map(Kept::Value))),
                        Claimed::Mismatch => return Poll::Ready(Verdict::mismatch()),
                        Claimed::Running { until } => until,
                    }
                };
                if now >= hold.deadline {
                    return Poll::Ready(Verdict::Late);
                }
                if now >= wait.until {
                    // A lease that is renewed lasts for another one at most before it is renewed again.
                    let rest = lease_until.since(now).min(hold.lease.length());
                    let refusal = refused(Ending::IdempotencyInProgress, Some(rest));
                    return Poll::Ready(Verdict::Refuse(refusal, IdempotencyResult::InProgress));
                }
                if wait.is_called(&hold, cx) {
                    continue;
                }
                let next = wait.until.min(lease_until).min(Waiter::<SharedValue>::next_look(now));
                timer.as_mut().arm(next.since(now));
                ready!(timer.as_mut().poll(cx));
            }
        })
    })
    .await;
    if wait.waiter.is_some() {
        call.full().has_waited_since(began);
    }
    verdict
}

impl Wait {
    /// Until when the record is kept for another that was called. Who may not wait any longer asks all the same.
    fn kept_until(&self, now: Tick) -> Option<Tick> {
        let waiter = self.waiter.as_ref().filter(|_| self.in_line && now < self.until)?;
        waiter.kept_until(now)
    }

    /// Whether to ask again at once: the record has changed since it joined the line, or it has only joined now.
    fn is_called(&mut self, hold: &MemoryHold, cx: &TaskContext<'_>) -> bool {
        let waiter = self.waiter.get_or_insert_with(|| hold.records().waiter(hold.name));
        if !self.in_line {
            waiter.join();
            self.in_line = true;
            return true;
        }
        if waiter.poll(cx.waker()).is_ready() {
            waiter.answer();
            self.in_line = false;
            return true;
        }
        false
    }
}
