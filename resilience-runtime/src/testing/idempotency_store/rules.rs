//! Checks the rules of a store that hold at any time. In: a store. Out: breaches of the rules that hold at any time: who is granted
//! what, and what others are told.

use super::probe::{Checked, LONG, Probe, equal};
use crate::store::{Claim, Completion, Fingerprint, Holder, IdempotencyStore, Owner, Release, Renewal};

pub(super) async fn a_lease_is_of_one_owner<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (probe, owner) = (Probe::new(here), Owner::random());
    let token = probe.granted(owner, LONG).await?;
    match probe.through(there).claim(Owner::random(), LONG).await? {
        Claim::Running { rest } if rest <= LONG && !rest.is_zero() => {}
        other => return Err(format!("the claim of another was answered with {other:?}")),
    }
    let again = probe.granted(owner, LONG).await?;
    equal(&again, &token, "the token of a claim that its owner repeats")?;
    Probe::new(here).is_free("another record").await
}

pub(super) async fn a_result_is_stored_once<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (probe, owner) = (Probe::new(here), Owner::random());
    probe.granted(owner, LONG).await?;
    equal(&probe.complete(owner, LONG, b"first").await?, &Completion::Stored, "a completion")?;
    probe.through(there).is_done(Some(b"first"), "after it").await?;
    let again = probe.complete(owner, LONG, b"second").await?;
    equal(&again, &Completion::Repeated, "a completion that its owner repeats")?;
    probe.is_done(Some(b"first"), "after a repeated completion").await?;
    let own = probe.claim(owner, LONG).await?;
    equal(&own, &Claim::Done { value: Some(b"first".to_vec()) }, "a claim of whoever completed it")?;
    let lost = probe.through(there).complete(Owner::random(), LONG, b"third").await?;
    equal(&lost, &Completion::LostTo(Holder::Done), "the completion of another")?;
    probe.is_done(Some(b"first"), "after the completion of another").await
}

pub(super) async fn a_lease_of_another_refuses_a_result<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (probe, owner, other) = (Probe::new(here), Owner::random(), Owner::random());
    probe.granted(owner, LONG).await?;
    let lost = probe.through(there).complete(other, LONG, b"other").await?;
    equal(&lost, &Completion::LostTo(Holder::Running), "a completion during the lease of another")?;
    equal(&probe.renew(other, LONG).await?, &Renewal::Lost, "a renewal during the lease of another")?;
    equal(&probe.release(other).await?, &Release::NotHeld, "a release during the lease of another")?;
    probe.is_running("after all of these").await?;
    equal(&probe.renew(owner, LONG).await?, &Renewal::Extended, "a renewal by its owner")?;
    equal(&probe.complete(owner, LONG, b"own").await?, &Completion::Stored, "a completion by its owner")
}

pub(super) async fn a_result_without_a_record_is_kept<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (probe, owner) = (Probe::new(here), Owner::random());
    equal(&probe.renew(owner, LONG).await?, &Renewal::Gone, "a renewal without a record")?;
    equal(&probe.release(owner).await?, &Release::NotHeld, "a release without a record")?;
    equal(&probe.complete(owner, LONG, b"kept").await?, &Completion::Kept, "a completion without a record")?;
    probe.through(there).is_done(Some(b"kept"), "after it").await?;
    equal(&probe.complete(owner, LONG, b"kept").await?, &Completion::Repeated, "repeated")?;
    let free = Probe::new(here);
    free.renew(owner, LONG).await?;
    free.is_free("after a renewal without a record").await
}

pub(super) async fn a_release_frees_what_is_running<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (probe, owner) = (Probe::new(here), Owner::random());
    let first = probe.granted(owner, LONG).await?;
    equal(&probe.release(owner).await?, &Release::Freed, "a release by its owner")?;
    equal(&probe.release(owner).await?, &Release::NotHeld, "a release that its owner repeats")?;
    let other = Owner::random();
    let second = probe.through(there).granted(other, LONG).await?;
    if second < first {
        return Err(format!("the token fell from {first:?} to {second:?}"));
    }
    equal(&probe.release(owner).await?, &Release::NotHeld, "a late release")?;
    equal(&probe.complete(other, LONG, b"done").await?, &Completion::Stored, "a completion")?;
    equal(&probe.release(other).await?, &Release::NotHeld, "a release of a result")?;
    equal(&probe.renew(other, LONG).await?, &Renewal::Done, "a renewal of a result")?;
    equal(&probe.renew(owner, LONG).await?, &Renewal::Lost, "a renewal of the result of another")?;
    probe.is_done(Some(b"done"), "after all of these").await
}

pub(super) async fn another_fingerprint_is_a_mismatch<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let (one, two, none) = (Fingerprint::new(b"one"), Fingerprint::new(b"two"), Fingerprint::NONE);
    for (stored, others) in [(one, [two, none]), (none, [one, two])] {
        let (probe, owner) = (Probe::new(here), Owner::random());
        probe.claim_with(owner, stored, LONG).await?;
        for other in others {
            let claim = probe.through(there).claim_with(Owner::random(), other, LONG).await?;
            equal(&claim, &Claim::Mismatch, "a claim with another fingerprint while it runs")?;
            let claim = probe.claim_with(owner, other, LONG).await?;
            equal(&claim, &Claim::Mismatch, "a claim of its owner with another fingerprint")?;
        }
        probe.complete_with(owner, stored, LONG, Some(b"it")).await?;
        for other in others {
            let claim = probe.through(there).claim_with(Owner::random(), other, LONG).await?;
            equal(&claim, &Claim::Mismatch, "a claim with another fingerprint for a result")?;
        }
        let claim = probe.claim_with(Owner::random(), stored, LONG).await?;
        equal(&claim, &Claim::Done { value: Some(b"it".to_vec()) }, "a claim with the same fingerprint")?;
    }
    let (probe, owner) = (Probe::new(here), Owner::random());
    probe.complete_with(owner, one, LONG, Some(b"kept")).await?;
    let claim = probe.claim_with(owner, two, LONG).await?;
    equal(&claim, &Claim::Mismatch, "after a completion without a record, another fingerprint")
}

pub(super) async fn bytes_come_back_as_they_were<S: IdempotencyStore>(here: &S, there: &S) -> Checked {
    let every: Vec<u8> = (0..=255).collect();
    let large = every.repeat(1024);
    for value in [None, Some(&b""[..]), Some(b"\r\n\0"), Some(&every), Some(&large)] {
        let (probe, owner) = (Probe::new(here), Owner::random());
        probe.granted(owner, LONG).await?;
        probe.complete_with(owner, Fingerprint::NONE, LONG, value).await?;
        probe.through(there).is_done(value, "a value").await?;
    }
    Ok(())
}
