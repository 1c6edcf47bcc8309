//! A key in a store. In: a call. Out: the key, the result of an earlier call, or a wait for the call that holds it, during which
//! the store is asked again and again.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use resilience_settings::policy::{IdempotencySettings, OnUnavailable};

use tokio::time::Instant;

use super::channel::{Answer, CallSide, Order, channel};
use super::hold::{StoreHold, answer, patience};
use super::keeper::Keeper;
use super::traffic;
use crate::call::call::Call;
use crate::call::engine::full::call::FullCall;
use crate::call::idempotency::codec::Kept;
use crate::call::idempotency::counted::refused;
use crate::call::idempotency::held::Held;
use crate::call::idempotency::hold::{Hold, HoldPlace};
use crate::call::idempotency::verdict::Verdict;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::idempotency::{Lease, Polling, wait_until};
use crate::monitor::IdempotencyResult;
use crate::store::{Claim, Fingerprint, IdempotencyStore, Owner, RecordName, StoreError};
use crate::timer::Delay;

/// An order that its call may not live to give.
struct Claiming(Option<CallSide>);

impl Drop for Claiming {
    fn drop(&mut self) {
        // Dropped while it asks, the call has started no body: the key is free once the answer comes.
        if let Some(side) = self.0.take() {
            side.order(Order::Release);
        }
    }
}

/// Claims the key, or waits for the call that holds it.
pub(in crate::call::idempotency) async fn claim<K>(
    call: &mut Call<K>,
    settings: &'static IdempotencySettings,
    (name, fingerprint): (RecordName, Fingerprint),
    store: Arc<dyn IdempotencyStore>,
) -> Verdict {
    let full = call.full();
    let (service, deadline) = (full.service(), full.context.deadline);
    let began = service.now();
    let until = wait_until(began, settings.wait, deadline);
    let mut claiming = match start(full, settings, (name, fingerprint), store) {
        Ok(side) => Claiming(Some(side)),
        Err(_) => return away(None, settings, name),
    };
    let (mut polling, mut has_waited) = (Polling::new(), false);
    let verdict = loop {
        let now = service.now();
        let limit = patience(deadline.since(now));
        let Some(side) = claiming.0.as_ref().filter(|_| !limit.is_zero()) else { break Verdict::Late };
        side.order(Order::Claim(limit));
        let claimed = match answer(side, limit).await {
            Some(Answer::Claimed(claimed)) => claimed,
            _ => Err(StoreError::away("no answer")),
        };
        let rest = match claimed {
            Ok(Claim::Running { rest }) => rest,
            Ok(Claim::Granted(_)) => {
                let place = claiming.0.take().map(|side| StoreHold { side, is_unknown: false });
                let Some(place) = place.map(HoldPlace::Store) else { break Verdict::Late };
                break Verdict::Run(Hold { held: Held::new(name), place }, IdempotencyResult::Executed);
            }
            Ok(Claim::Done { value }) => break Verdict::Done(value.map(Kept::Bytes)),
            Ok(Claim::Mismatch) => break Verdict::mismatch(),
            Err(_) => break away(claiming.0.take(), settings, name),
        };
        let now = service.now();
        if now >= until {
            let refusal = refused(Ending::IdempotencyInProgress, Some(rest));
            break Verdict::Refuse(refusal, IdempotencyResult::InProgress);
        }
        has_waited = true;
        let mut pause = pin!(Delay::after(polling.pause(rest).min(until.since(now))));
        poll_fn(|cx| pause.as_mut().poll(cx)).await;
    };
    if has_waited {
        call.full().has_waited_since(began);
    }
    verdict
}

/// Starts the keeper of a call.
fn start(
    full: &FullCall,
    settings: &IdempotencySettings,
    (record, fingerprint): (RecordName, Fingerprint),
    store: Arc<dyn IdempotencyStore>,
) -> Result<CallSide, StoreError> {
    let (deadline, now) = (full.context.deadline, full.service().now());
    let keeper = Keeper {
        shared: full.bound.shared(),
        state: full.bound.shared().store_state(store.name()),
        store,
        service: full.service(),
        function: full.bound.facts().function,
        is_counted: full.policy.is_counted && !full.is_pass_through(),
        record,
        owner: Owner::random(),
        fingerprint,
        lease: Lease::new(settings.lease, full.rules().attempt_timeout),
        ttl: settings.ttl,
        until: (deadline != Tick::MAX).then(|| Instant::now() + deadline.since(now)),
    };
    let (call_side, keeper_side) = channel();
    traffic::start(full.service().clock(), keeper.run(keeper_side))?;
    Ok(call_side)
}

/// The store cannot say whether the call may run.
fn away(side: Option<CallSide>, settings: &IdempotencySettings, name: RecordName) -> Verdict {
    if let (OnUnavailable::Run, Some(side)) = (settings.on_unavailable, side) {
        let place = HoldPlace::Store(StoreHold { side, is_unknown: true });
        let hold = Hold { held: Held::new(name), place };
        return Verdict::Run(hold, IdempotencyResult::RanWithoutStore);
    }
    Verdict::Refuse(Ending::IdempotencyStoreUnavailable.into(), IdempotencyResult::StoreUnavailable)
}
