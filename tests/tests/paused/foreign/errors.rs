//! Errors, labels and stand-ins of the user: code that is asked what a failure means, what a partition is called and what is to be
//! answered instead, panics.

use std::fmt;

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{Classify, Recovery, Rejection, comprehensive_retry};

use super::{burn, panics, play};
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, ms, stats};

/// An error that is asked.
#[derive(Clone, Debug)]
struct Asked(Fault);

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        burn();
        self.0.fmt(f)
    }
}

impl std::error::Error for Asked {}

impl Classify for Asked {
    fn classify(&self) -> Recovery {
        burn();
        self.0.classify()
    }
}

impl From<Rejection> for Asked {
    fn from(rejection: Rejection) -> Self {
        burn();
        Self(Fault::Rejected(rejection))
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        burn();
    }
}

fn label(key: u32) -> String {
    burn();
    format!("tenant {key}")
}

#[expect(clippy::unnecessary_wraps, reason = "what a fallback gives")]
fn instead(_: u32, _: &Script) -> Result<u32, Asked> {
    burn();
    Ok(9)
}

#[comprehensive_retry("svc", partition = key, partition_label = label(key))]
async fn labelled(key: u32, script: &Script) -> Result<u32, Asked> {
    script.step().await.map_err(Asked)
}

#[comprehensive_retry("svc", fallback = instead)]
async fn answered(key: u32, script: &Script) -> Result<u32, Asked> {
    script.step().await.map_err(Asked)
}

/// Makes calls of both; returns how many are counted as panicked. A call may have ended when its error, or its stand-in, panics.
async fn calls(scripts: &[&[Step]]) -> u64 {
    let mut panicked = 0;
    for (key, steps) in (0..).zip(scripts) {
        let script = || Script::new(steps.iter().cloned());
        let (first, second) = (script(), script());
        panicked += u64::from(panics(async move { drop(labelled(key, &first).await) }).await);
        panicked += u64::from(panics(async move { drop(answered(key, &second).await) }).await);
        let now = stats().calls(CallOutcome::Panicked);
        assert!(now <= panicked, "{now} counted, {panicked} have panicked");
        tokio::time::sleep(ms(20)).await;
    }
    stats().calls(CallOutcome::Panicked)
}

#[tokio::test(start_paused = true)]
async fn an_error_a_label_or_a_stand_in_that_panics_costs_nothing_but_its_call() {
    for delay in ["0", "'1ms'"] {
        let settings = format!(
            "max_attempts = 2\nbase_delay = {delay}\nattempt_timeout = '30ms'\n\
             bulkhead = {{ max_concurrent = 1, max_queue = 9, max_wait = '1s' }}\n\
             breaker = {{ consecutive_failures = 3, open_for = '10ms', half_open_calls = 1 }}"
        );
        let scripts: &[&[Step]] = &[
            &[Fail(Fault::Down), Answer(1)],
            &[Fail(Fault::Down)],
            &[Fail(Fault::Wrong)],
            &[Hang],
            &[Answer(2)],
        ];
        play("errors", &settings, async || calls(scripts).await).await;
    }
}
