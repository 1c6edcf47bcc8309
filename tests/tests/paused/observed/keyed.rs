//! Idempotency keys of a service that is only observed: they protect nothing, and no store is asked.

use std::time::Duration;

use resilience_runtime::config::FindingKind;
use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, StoreFuture,
};
use resilience_runtime::{comprehensive_retry, idempotency_key, registry, testing};

use super::{observe, would};
use crate::script::{Answer, Fail, Fault, Script, configure, ms, slow, stats};

/// Panics whatever it is asked.
#[derive(Clone, Copy, Debug)]
struct Untouchable;

impl IdempotencyStore for Untouchable {
    fn name(&self) -> &'static str {
        panic!("nobody asks its name")
    }

    fn namespace(&self) -> &str {
        panic!("nor for whom it keeps records")
    }

    fn claim(&self, _: RecordName, _: Owner, _: Fingerprint, _: Duration) -> StoreFuture<'_, Claim> {
        panic!("nobody claims anything")
    }

    fn renew(&self, _: RecordName, _: Owner, _: Duration) -> StoreFuture<'_, Renewal> {
        panic!("nor renews it")
    }

    fn complete<'a>(
        &'a self,
        _: RecordName,
        _: Owner,
        _: Fingerprint,
        _: Duration,
        _: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        panic!("nor stores a result")
    }

    fn release(&self, _: RecordName, _: Owner) -> StoreFuture<'_, Release> {
        panic!("nor gives anything back")
    }
}

#[comprehensive_retry("svc", idempotency(key = key, scope = "stored", store = Untouchable))]
async fn stored(key: u32, script: &Script) -> Result<u32, Fault> {
    assert!(idempotency_key().is_none(), "there is none to send on");
    let _ = key;
    script.step().await
}

#[comprehensive_retry("svc", idempotency(key = key, scope = "kept"))]
async fn kept(key: u32, script: &Script) -> Result<u32, Fault> {
    let _ = key;
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn two_calls_with_one_key_both_run_and_no_store_is_touched() {
    testing::isolated(async {
        observe("max_attempts = 1");
        let script = Script::new([slow(10, Answer(1)), Answer(2), Fail(Fault::Down), Answer(4)]);
        assert_eq!(tokio::join!(stored(7, &script), stored(7, &script)), (Ok(1), Ok(2)));
        assert_eq!((stored(7, &script).await, stored(7, &script).await), (Err(Fault::Down), Ok(4)));
        assert_eq!(script.asked(), [ms(0), ms(0), ms(10), ms(10)]);
        let script = Script::new([Answer(1), Answer(2), Answer(3)]);
        assert_eq!((kept(7, &script).await, kept(7, &script).await), (Ok(1), Ok(2)));
        for &result in resilience_runtime::monitor::IdempotencyResult::ALL {
            assert_eq!(stats().idempotency(result), 0, "{result}");
        }
        assert_eq!(would(), []);
        configure("max_attempts = 1");
        assert_eq!((kept(7, &script).await, kept(7, &script).await), (Ok(3), Ok(3)));
        assert_eq!(script.asked().len(), 3, "from now on they count");
    })
    .await;
}

#[comprehensive_retry("unprotected", idempotency(key = key), mode = Observe)]
async fn unprotected(key: u32) -> Result<u32, Fault> {
    Ok(key)
}

#[tokio::test(start_paused = true)]
async fn that_they_protect_nothing_is_a_finding() {
    testing::isolated(async {
        assert_eq!(unprotected(1).await, Ok(1));
        let findings = registry().findings();
        let of_it: Vec<_> = findings.iter().filter(|finding| finding.service() == "unprotected").collect();
        assert_eq!(of_it.len(), 1, "{of_it:?}");
        assert_eq!(of_it[0].kind(), FindingKind::WithoutEffect);
        assert!(of_it[0].message().contains("protects nothing, as `mode` is observe"), "{}", of_it[0]);
    })
    .await;
}
