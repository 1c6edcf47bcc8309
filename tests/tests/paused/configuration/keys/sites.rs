//! Functions of `svc` with the words that only code can have, so that the keys that depend on them have an effect.

use resilience_runtime::comprehensive_retry;

use crate::keyed::idempotency_store::Shaky;
use crate::script::{Fault, Script};

#[comprehensive_retry("inner_of_keys", max_attempts = 2, base_delay = 0)]
pub(super) async fn inner(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// An inner call of another service.
#[comprehensive_retry("svc")]
pub(super) async fn around(script: &Script) -> Result<u32, Fault> {
    inner(script).await
}

/// Hedging is possible.
#[comprehensive_retry("svc", idempotent = true, hedge(after = "100ms"))]
pub(super) async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// One script for each key.
#[comprehensive_retry("svc", cache(key = key))]
pub(super) async fn cached(key: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

async fn elsewhere(_: &Script) -> Result<u32, Fault> {
    std::future::pending().await
}

/// Its redirect never answers; a static response does.
#[comprehensive_retry("svc", redirect = elsewhere, static_response = 99)]
pub(super) async fn answered(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Each tenant has state of its own.
#[comprehensive_retry("svc", partition = tenant)]
pub(super) async fn tenant(tenant: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// All of its calls have one key.
#[comprehensive_retry("svc", idempotency(key = 0))]
pub(super) async fn protected(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Its store is away.
#[comprehensive_retry("svc", idempotency(key = 0, store = Shaky::away()))]
pub(super) async fn storeless(script: &Script) -> Result<u32, Fault> {
    script.step().await
}
