//! Checks the lifetimes of leases and results in a store. In: a store and passing time. Out: breaches of the rules of its two
//! lifetimes.

use std::time::Duration;

use super::probe::{Checked, LONG, OVER, Probe, SHORT, equal};
use crate::store::{Claim, Completion, Fingerprint, IdempotencyStore, Owner, Release, Renewal};

/// All rules wait together, so that the suite takes as long as its longest.
pub(super) async fn lifetimes<S: IdempotencyStore>(
    here: &S,
    there: &S,
    pass: &impl AsyncFn(Duration),
) -> Vec<Checked> {
    let owner = Owner::random();
    let [cut, prolonged, again, brief, replayed, renewed, repeated, kept] =
        [(); 8].map(|()| Probe::new(here));
    let short_results = [brief, replayed, renewed, repeated];
    let prepared = async {
        cut.granted(owner, SHORT).await?;
        prolonged.granted(owner, SHORT).await?;
        equal(&prolonged.renew(owner, LONG).await?, &Renewal::Extended, "a renewal")?;
        let token = again.granted(owner, SHORT).await?;
        equal(&again.granted(owner, LONG).await?, &token, "the token of a repeated claim")?;
        for probe in short_results {
            probe.granted(owner, LONG).await?;
            probe.complete(owner, SHORT, b"brief").await?;
        }
        kept.granted(owner, SHORT).await?;
        kept.complete(owner, LONG, b"kept").await?;
        replayed.is_done(Some(b"brief"), "before its ttl").await?;
        renewed.renew(owner, LONG).await?;
        repeated.complete(owner, LONG, b"again").await.map(drop)
    };
    if let Err(fault) = prepared.await {
        return vec![Err(format!("before any time has passed: {fault}"))];
    }
    pass(OVER).await;
    vec![
        ended(cut, cut.through(there), owner).await,
        prolonged.is_running("after the lease that was renewed").await,
        again.is_running("after the lease that its owner claimed again").await,
        brief.is_free("after its ttl, which is shorter than the lease was").await,
        replayed.is_free("after its ttl, which a replay does not prolong").await,
        renewed.is_free("after its ttl, which a renewal does not prolong").await,
        repeated.is_free("after its ttl, which a repeated completion does not prolong").await,
        kept.is_done(Some(b"kept"), "after the lease, as long as the ttl is").await,
        late(Probe::new(here), pass).await,
    ]
}

/// What a lease that has run out still means.
async fn ended<S: IdempotencyStore>(here: Probe<'_, S>, there: Probe<'_, S>, owner: Owner) -> Checked {
    equal(&here.renew(owner, LONG).await?, &Renewal::Gone, "a renewal after the lease")?;
    equal(&here.release(owner).await?, &Release::NotHeld, "a release after the lease")?;
    there.granted(Owner::random(), LONG).await.map_err(|fault| format!("after the lease: {fault}"))?;
    equal(&here.renew(owner, LONG).await?, &Renewal::Lost, "a renewal once another has it")
}

/// A result that comes after its lease, when nobody else has begun.
async fn late<S: IdempotencyStore>(probe: Probe<'_, S>, pass: &impl AsyncFn(Duration)) -> Checked {
    let (owner, fingerprint) = (Owner::random(), Fingerprint::new(b"late"));
    probe.claim_with(owner, fingerprint, SHORT).await?;
    pass(OVER).await;
    let late = probe.complete_with(owner, fingerprint, LONG, Some(b"late")).await?;
    equal(&late, &Completion::Kept, "a completion after the lease")?;
    let claim = probe.claim_with(Owner::random(), fingerprint, LONG).await?;
    equal(&claim, &Claim::Done { value: Some(b"late".to_vec()) }, "after a completion after the lease")
}
