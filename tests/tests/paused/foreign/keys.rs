//! Keys and answers of the user whose `Hash`, `Eq`, `Clone` or `Drop` panic, or make calls themselves.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::pin::pin;
use std::task::{Context, Waker};

use resilience_runtime::comprehensive_retry;

use super::{behaving, burn, panics, play};
use crate::script::{Fail, Fault, Script, Step, ms, slow, stats};

/// A key, or an answer.
#[derive(Debug)]
struct Touchy(u32);

impl Clone for Touchy {
    fn clone(&self) -> Self {
        burn();
        Self(self.0)
    }
}

impl Hash for Touchy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        burn();
        // All hashes collide.
        0.hash(state);
    }
}

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        burn();
        self.0 == other.0
    }
}

impl Eq for Touchy {}

impl Drop for Touchy {
    fn drop(&mut self) {
        burn();
    }
}

#[comprehensive_retry("svc", cache(ttl = "5ms", stale_for = "1m", capacity = 2, key = Touchy(key), mode = ReadThrough))]
async fn shared(script: &Script, key: u32) -> Result<Touchy, Fault> {
    script.step().await.map(Touchy)
}

#[comprehensive_retry("svc", cache(ttl = "5ms", stale_for = "1m", capacity = 2, key = Touchy(key)))]
async fn kept(script: &Script, key: u32) -> Result<Touchy, Fault> {
    script.step().await.map(Touchy)
}

#[comprehensive_retry("svc", partition = Touchy(key))]
async fn of_tenant(script: &Script, key: u32) -> Result<u32, Fault> {
    script.step().await
}

/// How a key is used.
#[derive(Clone, Copy)]
enum Key {
    Shares,
    Keeps,
    Parts,
}

/// Calls side by side, some with equal keys; returns how many are counted as panicked. A call may have ended when its
/// key or its answer panics in its caller's code.
async fn calls(use_of: Key) -> u64 {
    let mut counted = 0;
    for step in [slow(3, Step::Answer(1)), slow(3, Fail(Fault::Wrong)), Step::Answer(2)] {
        let calls: Vec<_> = [1, 1, 2, 3, 1]
            .into_iter()
            .map(|key| {
                let script = Script::new([step.clone()]);
                panics(async move {
                    match use_of {
                        Key::Shares => drop(shared(&script, key).await),
                        Key::Keeps => drop(kept(&script, key).await),
                        Key::Parts => drop(of_tenant(&script, key).await),
                    }
                })
            })
            .collect();
        let mut panicked = 0;
        for has_panicked in futures::future::join_all(calls).await {
            panicked += u64::from(has_panicked);
        }
        let now = stats().calls(resilience_runtime::monitor::CallOutcome::Panicked);
        assert!(now - counted <= panicked, "{now} counted, {panicked} more have panicked");
        counted = now;
        behaving(tokio::time::sleep(ms(7))).await;
    }
    counted
}

#[tokio::test(start_paused = true)]
async fn a_key_or_an_answer_that_panics_in_a_cache_leaves_it_whole_and_nobody_waiting() {
    for use_of in [Key::Shares, Key::Keeps] {
        play("cache", "max_attempts = 1\nbulkhead = { max_concurrent = 9 }", async || calls(use_of).await)
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_partition_whose_name_panics_loses_no_place() {
    play("partitions", "max_attempts = 1\nmax_partitions = 2", async || {
        let panicked = calls(Key::Parts).await;
        // Both places are available to other tenants, which take one each.
        behaving(async {
            let scripts = [8, 9].map(|_| Script::new([slow(5, Step::Answer(1))]));
            let (eighth, ninth) = futures::join!(of_tenant(&scripts[0], 8), of_tenant(&scripts[1], 9));
            assert_eq!((eighth, ninth), (Ok(1), Ok(1)));
            assert_eq!(crate::script::service().partitions(), 2);
        })
        .await;
        panicked
    })
    .await;
}

/// A key whose code makes calls of the same kind.
#[derive(Clone, Debug)]
struct Caller(u32);

impl Caller {
    fn calls() {
        thread_local! {
            static IS_CALLING: Cell<bool> = const { Cell::new(false) };
        }
        // Inner calls do not call again, or it would never end.
        if !IS_CALLING.replace(true) {
            for key in 0..3 {
                let mut future = pin!(by_caller(Caller(key)));
                let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
            IS_CALLING.set(false);
        }
    }
}

impl Hash for Caller {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Self::calls();
        0.hash(state);
    }
}

impl PartialEq for Caller {
    fn eq(&self, other: &Self) -> bool {
        Self::calls();
        self.0 == other.0
    }
}

impl Eq for Caller {}

impl Drop for Caller {
    fn drop(&mut self) {
        Self::calls();
    }
}

#[comprehensive_retry("reentrant", cache(ttl = "5ms", capacity = 1, key = caller.clone(), mode = ReadThrough), partition = caller.clone(), max_partitions = 2)]
async fn by_caller(caller: Caller) -> Result<u32, Fault> {
    Ok(caller.0)
}

#[tokio::test(start_paused = true)]
async fn code_of_a_key_may_make_calls_of_the_same_kind() {
    resilience_runtime::testing::isolated(async {
        for key in [0, 1, 2, 1, 0, 2] {
            assert_eq!(by_caller(Caller(key)).await, Ok(key));
            tokio::time::sleep(ms(3)).await;
        }
    })
    .await;
}
