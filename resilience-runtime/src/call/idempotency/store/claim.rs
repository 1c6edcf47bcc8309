//! Claims a key in a store, and asks again while another call holds it; how often, `idempotency/waiting` decides. In: a call. Out:
//! the key, the result of an earlier call, or a rejection. Whichever way it ends, and wherever it is dropped, its side of the
//! channel ends the keeper.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use resilience_settings::policy::{IdempotencySettings, OnUnavailable};

use tokio::time::Instant;

use super::channel::{Answer, CallSide, KeeperSide, Order, channel};
use super::hold::{StoreHold, answer, patience};
use super::keeper::Keeper;
use super::traffic;
use crate::call::call::Call;
use crate::call::engine::full::call::FullCall;
use crate::call::idempotency::codec::Kept;
use crate::call::idempotency::counted::refused;
use crate::call::idempotency::held_key::HeldKey;
use crate::call::idempotency::hold::{Hold, HoldPlace};
use crate::call::idempotency::verdict::Verdict;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::idempotency::{Lease, Polling, wait_until};
use crate::monitor::IdempotencyResult;
use crate::store::{Claim, Fingerprint, IdempotencyStore, Owner, RecordName};
use crate::timer::Delay;

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
    let keeper = keeper(full, settings, (name, fingerprint), store);
    let store = keeper.state.name;
    let mut limit = patience(deadline.since(began));
    if limit.is_zero() {
        return Verdict::Late;
    }
    let (side, keeper_side) = channel();
    // Before it starts: without an order, its thread would go to sleep, to be woken a second time.
    side.order(Order::Claim(limit));
    start(keeper, keeper_side);
    let (mut polling, mut has_waited) = (Polling::new(), false);
    // Until then another call is known to run.
    let mut runs_until = Tick::NEVER;
    let verdict = loop {
        let answer = answer(&side, limit).await;
        let now = service.now();
        let is_hurried = matches!(answer, Answer::Hurried);
        match answer {
            Answer::Claimed(Ok(Claim::Running { rest })) => runs_until = now.plus(rest),
            Answer::Claimed(Ok(Claim::Granted(_))) => {
                break runs(name, side, (store, false), IdempotencyResult::Executed);
            }
            Answer::Claimed(Ok(Claim::Done { value })) => break Verdict::Done(value.map(Kept::Bytes)),
            Answer::Claimed(Ok(Claim::Mismatch)) => break Verdict::mismatch(),
            _ if settings.on_unavailable == OnUnavailable::Run => {
                // Beside one that is known to run, it would not only be unprotected but certainly a second.
                if now >= runs_until {
                    break runs(name, side, (store, true), IdempotencyResult::RanWithoutStore);
                }
            }
            // Its deadline has left it too little time to ask.
            _ if is_hurried => break Verdict::Late,
            _ => {
                let ending = Ending::IdempotencyStoreUnavailable;
                break Verdict::Refuse(ending.into(), IdempotencyResult::StoreUnavailable);
            }
        }
        let rest = runs_until.since(now);
        if now >= until {
            let refusal = refused(Ending::IdempotencyInProgress, Some(rest));
            break Verdict::Refuse(refusal, IdempotencyResult::InProgress);
        }
        has_waited = true;
        let mut pause = pin!(Delay::after(polling.pause(rest).min(until.since(now))));
        poll_fn(|cx| pause.as_mut().poll(cx)).await;
        limit = patience(deadline.since(service.now()));
        if limit.is_zero() {
            break Verdict::Late;
        }
        side.order(Order::Claim(limit));
    };
    if has_waited {
        call.full().has_waited_since(began);
    }
    verdict
}

/// The keeper of a call.
fn keeper(
    full: &FullCall,
    settings: &IdempotencySettings,
    (record, fingerprint): (RecordName, Fingerprint),
    store: Arc<dyn IdempotencyStore>,
) -> Keeper {
    let (deadline, now) = (full.context.deadline, full.service().now());
    let state = full.bound.shared().store_state(store.name());
    full.service().stores.add(state.alone);
    Keeper {
        shared: full.bound.shared(),
        state,
        store,
        service: full.service(),
        function: full.bound.facts().function,
        is_counted: full.policy.is_counted,
        record,
        owner: Owner::random(),
        fingerprint,
        lease: Lease::new(settings.lease, full.rules().attempt_timeout),
        ttl: settings.ttl,
        until: (deadline != Tick::MAX).then(|| Instant::now() + deadline.since(now)),
    }
}

/// Starts it. Without a thread for it there is nobody on its side of the channel, which is a store that is away.
fn start(keeper: Keeper, side: KeeperSide) {
    let (shared, state, clock) = (keeper.shared, keeper.state, keeper.service.clock());
    if let Err(error) = traffic::start(clock, keeper.run(side)) {
        shared.note_store(state, Some(&error));
    }
}

/// The call runs.
fn runs(
    name: RecordName,
    side: CallSide,
    (store, is_unknown): (&'static str, bool),
    result: IdempotencyResult,
) -> Verdict {
    let held = HeldKey::new(name);
    let place = HoldPlace::Store(StoreHold { side: side.holds(&held), store, is_unknown });
    Verdict::Run(Hold { held, place }, result)
}
