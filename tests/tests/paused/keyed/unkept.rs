//! Results that panic when they are to be stored: the caller has its result, and nobody runs the operation again.

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::{RejectionKind, comprehensive_retry, registry, testing};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeSeq as _, Serializer};
use tokio::time::sleep;

use super::idempotency_store::Shaky;
use crate::script::{Answer, Fault, Script, configure, ms, rejected, secs, slow};

/// A list that panics when so many of its parts are written.
#[derive(Debug, PartialEq)]
struct Brittle(u32);

impl Serialize for Brittle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_seq(None)?;
        for part in 0..self.0 {
            parts.serialize_element(&part)?;
        }
        panic!("on purpose, after {} parts", self.0)
    }
}

impl<'de> Deserialize<'de> for Brittle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(Self)
    }
}

#[comprehensive_retry("unkept", idempotency(key = key, store = store.clone()))]
async fn brittle(key: &str, store: &Shaky, script: &Script) -> Result<Brittle, Fault> {
    script.step().await.map(Brittle)
}

#[tokio::test(start_paused = true)]
async fn a_result_that_panics_while_it_is_written_is_its_caller_s_and_done_without_a_value() {
    testing::isolated(async {
        configure(
            "[services.unkept]\nmax_attempts = 1\nbreaker = 'off'\nattempt_timeout = '9s'\ndeadline = '60s'\n\
             idempotency = { lease = '3s' }",
        );
        for parts in [0, 3, 10_000] {
            let (store, key) = (Shaky::new(), parts.to_string());
            let script = Script::new([slow(5_000, Answer(parts)), Answer(1)]);
            let (first, beside) = tokio::join!(brittle(&key, &store, &script), async {
                // Waits for the other, and is told at once.
                sleep(ms(500)).await;
                brittle(&key, &store, &script).await
            });
            assert_eq!(first, Ok(Brittle(parts)), "{parts}");
            sleep(secs(30)).await;
            let later = brittle(&key, &store, &script).await;
            for outcome in [beside, later] {
                let outcome = outcome.map(|Brittle(parts)| parts);
                assert_eq!(rejected(&outcome), Some(RejectionKind::IdempotencyResultUnavailable), "{parts}");
            }
            assert_eq!((script.asked().len(), store.asked("complete")), (1, 1), "{parts}");
            sleep(ms(1)).await;
            assert_eq!(store.keepers(), 0);
        }
        let stats = registry().service("unkept").unwrap().stats();
        assert_eq!(stats.idempotency(IdempotencyResult::ResultUnavailable), 6);
        assert_eq!(stats.idempotency(IdempotencyResult::NotStored), 0);
    })
    .await;
}
