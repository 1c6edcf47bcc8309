//! Settings change while thousands of calls are under way.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{Rejection, comprehensive_retry, registry};
use tokio::sync::Semaphore;

#[derive(Debug)]
struct Down;

impl From<Rejection> for Down {
    fn from(rejection: Rejection) -> Self {
        panic!("no call may be rejected here: {rejection}")
    }
}

/// Fails until its last attempt, which waits at the gate; returns how many attempts that took.
#[comprehensive_retry("swapped", base_delay = 0)]
async fn call(attempts: &AtomicU32, gate: &Semaphore) -> Result<(), Down> {
    attempts.fetch_add(1, Ordering::Relaxed);
    gate.acquire().await.map(drop).map_err(|_| Down)?;
    Err(Down)
}

fn settings(attempts: u32) -> String {
    format!(
        "[services.swapped]\nmax_attempts = {attempts}\nattempt_timeout = \"off\"\ndeadline = \"off\"\nbreaker = \"off\"\nbudget = \"off\"\n\
         [global]\nmax_concurrent_retries_global = 100000\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_in_flight_see_one_policy_each_and_none_fails() {
    const CALLS: usize = 10_000;
    static GATE: Semaphore = Semaphore::const_new(0);

    let load = |text: &str| registry().load_config(text, "swapped.toml");
    load(&settings(3)).unwrap();
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            tokio::spawn(async {
                let attempts = AtomicU32::new(0);
                assert!(call(&attempts, &GATE).await.is_err());
                attempts.into_inner()
            })
        })
        .collect();
    let service = loop {
        match registry().service("swapped") {
            Some(service) if service.stats().in_flight() == CALLS as u64 => break service,
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };

    let refused = load("[services.swapped]\nmax_attempts = 5\nbase_delay = \"fast\"\n").unwrap_err();
    assert!(refused.to_string().contains("swapped.toml:3"), "{refused}");
    for attempts in [5, 7, 5, 7] {
        load(&settings(attempts)).unwrap();
    }
    GATE.add_permits(64);

    for attempts in futures::future::join_all(calls).await {
        assert_eq!(attempts.unwrap(), 3, "a call under way keeps its policy");
    }
    assert_eq!(service.stats().calls(CallOutcome::Error), CALLS as u64);
    let attempts = AtomicU32::new(0);
    assert!(call(&attempts, &GATE).await.is_err());
    assert_eq!(attempts.into_inner(), 7, "a new call has the new one");
    let policies = registry().interned_policies();
    for _ in 0..100 {
        load(&settings(5)).unwrap();
        load(&settings(7)).unwrap();
    }
    assert_eq!(registry().interned_policies(), policies, "settings that were seen before are not kept again");
}
