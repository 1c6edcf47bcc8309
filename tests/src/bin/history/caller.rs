//! Calls of an annotated function, as programs make them. In: a key, and what its body does. Out: a line that says whether the
//! caller got what it was promised; what the library asks of the store is in the log too.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use resilience_runtime::store::{IdempotencyStore as _, RecordName};
use resilience_runtime::{Classify, Rejection, comprehensive_retry};
use tokio::time::{sleep, timeout};

use crate::dice::Dice;
use crate::logged::Logged;
use crate::records::whose;
use crate::worker::{self, value};

/// What a body does.
struct Body {
    key: u64,
    takes: Duration,
    fails: bool,
    store: Logged,
    has_succeeded: AtomicBool,
}

#[derive(Debug, thiserror::Error, Classify)]
enum Fault {
    #[never]
    #[error("the body failed")]
    Failed,
    #[never]
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// With the lifetimes of the tasks that ask the store themselves.
#[comprehensive_retry(
    "history",
    retry_enabled = false,
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = "5s",
    idempotency(
        key = body.key,
        scope = "call",
        ttl = "3s",
        lease = "600ms",
        wait = "30ms",
        store = body.store.clone()
    )
)]
async fn call(body: &Body) -> Result<String, Fault> {
    sleep(body.takes).await;
    if body.fails {
        return Err(Fault::Failed);
    }
    body.has_succeeded.store(true, Ordering::Relaxed);
    Ok(value(body.store.last_owner()))
}

/// One call.
pub(crate) async fn operation(store: &Logged, dice: &mut Dice) {
    let body = Body {
        key: worker::key(dice),
        takes: worker::length(dice),
        fails: dice.among(0..100) < 8,
        store: store.of_call(),
        has_succeeded: AtomicBool::new(false),
    };
    // Some callers go away.
    let patience = if dice.among(0..100) < 3 { worker::length(dice) } else { Duration::from_mins(2) };
    let Ok(outcome) = timeout(patience, call(&body)).await else { return };
    let record = RecordName::new(store.namespace(), "history", "call", body.key.to_string().as_bytes());
    let number = body.store.last_owner();
    if body.has_succeeded.into_inner() {
        let is_own = outcome.is_ok_and(|text| text == value(number));
        store.ended(record, number, if is_own { "ok" } else { "error" });
    } else if let Ok(text) = outcome {
        // That of an earlier call, and all of it: whether it is the one that was stored is in the answer to the claim.
        store.ended(record, number, if whose(&text).is_some() { "replayed" } else { "error" });
    } else {
        sleep(Duration::from_millis(dice.among(5..40))).await;
    }
}
