//! Checks that operations which meet in a store are one step each. In: operations that meet in a store. Out: breaches of the rule
//! that each is one step.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::task::JoinSet;

use super::probe::{Checked, LONG, Probe, some_record};
use crate::store::{Claim, Completion, Fingerprint, IdempotencyStore, Owner};

/// How many callers ask at once, half of them through each handle.
const CALLERS: usize = 16;

/// How often they do.
const ROUNDS: usize = 20;

pub(super) async fn of_many_one_is_granted<S: IdempotencyStore>(here: &Arc<S>, there: &Arc<S>) -> Checked {
    for _ in 0..ROUNDS {
        let record = some_record();
        let mut claims = JoinSet::new();
        for caller in 0..CALLERS {
            let store = Arc::clone(if caller % 2 == 0 { here } else { there });
            claims.spawn(async move { store.claim(record, Owner::random(), Fingerprint::NONE, LONG).await });
        }
        let mut granted = 0;
        for claim in claims.join_all().await {
            let claim = claim.map_err(|error| format!("claim: {error}"))?;
            granted += u32::from(matches!(claim, Claim::Granted(_)));
        }
        if granted != 1 {
            return Err(format!("of {CALLERS} claims at once, {granted} were granted"));
        }
    }
    Ok(())
}

pub(super) async fn of_many_one_stores<S: IdempotencyStore>(here: &Arc<S>, there: &Arc<S>) -> Checked {
    for _ in 0..ROUNDS {
        let record = some_record();
        let mut completions = JoinSet::new();
        for caller in 0..CALLERS {
            let store = Arc::clone(if caller % 2 == 0 { here } else { there });
            completions.spawn(async move {
                let (owner, value) = (Owner::random(), [u8::try_from(caller).unwrap_or(0)]);
                let done = store.complete(record, owner, Fingerprint::NONE, LONG, Some(&value)).await;
                done.map(|done| (done, value))
            });
        }
        let mut kept = Vec::new();
        for done in completions.join_all().await {
            let (done, value) = done.map_err(|error| format!("complete: {error}"))?;
            if done == Completion::Kept {
                kept.push(value);
            }
        }
        let [value] = kept[..] else {
            return Err(format!("of {CALLERS} completions at once, {} were kept", kept.len()));
        };
        Probe { store: &**there, record }.is_done(Some(&value), "the completion that was kept").await?;
    }
    Ok(())
}

/// The library drops a future when the time of its call is up.
pub(super) async fn a_claim_that_was_dropped_can_be_repeated<S: IdempotencyStore>(here: &S) -> Checked {
    let (probe, owner) = (Probe::new(here), Owner::random());
    let mut claim = here.claim(probe.record, owner, Fingerprint::NONE, LONG);
    poll_fn(|cx| {
        let _ = claim.as_mut().poll(cx);
        Poll::Ready(())
    })
    .await;
    drop(claim);
    probe.granted(owner, LONG).await.map(drop)
}
