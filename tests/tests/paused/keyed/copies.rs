//! Copies of an attempt under one idempotency key: all have it, none runs without one, and what they come to is one result.

use std::sync::Mutex;

use resilience_runtime::{comprehensive_retry, idempotency_key, testing};

use crate::script::{Answer, Fail, Fault, Hang, Script, ms, secs, slow};

#[comprehensive_retry("copies", max_attempts = 1, hedge(after = "100ms"), idempotency(key = key))]
async fn charge(key: Option<String>, keys: &Mutex<Vec<String>>, script: &Script) -> Result<u32, Fault> {
    keys.lock().unwrap().extend(idempotency_key());
    script.step().await
}

fn key(key: &str) -> String {
    key.to_owned()
}

#[tokio::test(start_paused = true)]
async fn all_copies_pass_on_the_same_key() {
    testing::isolated(async {
        let (keys, script) = (Mutex::default(), Script::new([Hang, Answer(2)]));
        assert_eq!(charge(Some(key("a")), &keys, &script).await, Ok(2));
        let keys = keys.into_inner().unwrap();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0], keys[1]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_key_has_no_copies_unless_it_is_idempotent() {
    testing::isolated(async {
        let (keys, script) = (Mutex::default(), Script::new([slow(400, Answer(1)), Answer(2)]));
        assert_eq!(charge(None, &keys, &script).await, Ok(1));
        assert_eq!(script.asked(), [ms(0)], "a copy could have charged twice");
        // Nor within a call that has a key: it is not this one's.
        let script = Script::new([slow(400, Answer(1)), Answer(2)]);
        assert_eq!(within("b", &keys, &script).await, Ok(1));
        assert_eq!(script.asked(), [ms(0)]);
    })
    .await;
}

#[comprehensive_retry("around", max_attempts = 1, attempt_timeout = off, idempotency(key = key))]
async fn within(key: &str, keys: &Mutex<Vec<String>>, script: &Script) -> Result<u32, Fault> {
    charge(None, keys, script).await
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_while_another_is_cut_off_keeps_the_key_for_its_lease() {
    testing::isolated(async {
        let keys = Mutex::default();
        // The first runs into its timeout: it may still have charged.
        let script = Script::new([Hang, Fail(Fault::Down), Answer(3)]);
        assert!(charge(Some(key("c")), &keys, &script).await.is_err());
        let asked = script.asked().len();
        let began = tokio::time::Instant::now();
        assert_eq!(charge(Some(key("c")), &keys, &script).await, Ok(3));
        assert!(began.elapsed() >= secs(1), "waited for {:?}", began.elapsed());
        assert_eq!(script.asked().len(), asked + 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn if_all_have_failed_the_key_is_free_at_once() {
    testing::isolated(async {
        let keys = Mutex::default();
        let script = Script::new([slow(300, Fail(Fault::Down)), slow(300, Fail(Fault::Down)), Answer(3)]);
        assert!(charge(Some(key("d")), &keys, &script).await.is_err());
        let began = tokio::time::Instant::now();
        assert_eq!(charge(Some(key("d")), &keys, &script).await, Ok(3));
        assert_eq!(began.elapsed(), ms(0));
    })
    .await;
}
