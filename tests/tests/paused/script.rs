//! A scripted dependency for tests, which records when it was called.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use resilience_runtime::monitor::Stats;
use resilience_runtime::registry::Service;
use resilience_runtime::{Classify, Rejection, RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::{Instant, sleep};

/// Everything that a dependency, or the library, can return.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Classify)]
pub(crate) enum Fault {
    #[error("down")]
    #[retry]
    Down,
    #[error("refused")]
    #[retry(not_sent)]
    Refused,
    #[error("wrong")]
    #[never]
    Wrong,
    #[error("busy")]
    #[throttled(after = wait)]
    Busy { wait: Option<Duration> },
    #[error("ours")]
    #[local]
    Ours,
    #[error("status {0}")]
    #[status(0)]
    Status(u16),
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// What the dependency does when it is called once.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Answer(u32),
    Fail(Fault),
    /// Waits that long before it does the rest.
    After(Duration, Box<Step>),
    /// Makes that many other calls fail before it does the rest.
    Others(u32, Box<Step>),
    Hang,
    Panic,
}

pub(crate) use Step::{Answer, Fail, Hang};

/// A dependency with a script; after the last step, it repeats that step.
#[derive(Debug)]
pub(crate) struct Script {
    steps: Mutex<VecDeque<Step>>,
    start: Instant,
    asked: Mutex<Vec<Duration>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Mutex::new(steps.into_iter().collect()),
            start: Instant::now(),
            asked: Mutex::default(),
        }
    }

    /// When it was called, since its creation.
    pub(crate) fn asked(&self) -> Vec<Duration> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn step(&self) -> Result<u32, Fault> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(self.start.elapsed());
        let step = {
            let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
            if steps.len() > 1 { steps.pop_front() } else { steps.front().cloned() }
        };
        let mut step = step.unwrap_or(Answer(0));
        loop {
            match step {
                Answer(value) => return Ok(value),
                Fail(fault) => return Err(fault),
                Step::After(time, next) => {
                    sleep(time).await;
                    step = *next;
                }
                Step::Others(calls, next) => {
                    // Outside of this call: inside, they would be part of it.
                    let others = async move {
                        for _ in 0..calls {
                            let _ = fails().await;
                        }
                    };
                    tokio::spawn(testing::inherit(others)).await.expect("nothing panics there");
                    step = *next;
                }
                Hang => return pending().await,
                Step::Panic => panic!("the script says so"),
            }
        }
    }
}

/// Takes its settings from the file that the test loads.
#[comprehensive_retry("svc")]
pub(crate) async fn call(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// A call with one attempt, which fails.
#[comprehensive_retry("svc", max_attempts = 1)]
async fn fails() -> Result<u32, Fault> {
    Err(Fault::Down)
}

/// One call, whose dependency does the same at each attempt.
pub(crate) async fn ask(step: Step) -> Result<u32, Fault> {
    call(&Script::new([step])).await
}

/// Why a call was rejected, if it was.
pub(crate) fn rejected(outcome: &Result<u32, Fault>) -> Option<RejectionKind> {
    match outcome {
        Err(Fault::Rejected(rejection)) => Some(rejection.kind()),
        _ => None,
    }
}

/// Loads settings for `svc` into the registry of the test.
pub(crate) fn configure(settings: &str) {
    let text = format!("[services.svc]\n{settings}\n");
    if let Err(error) = registry().load_config(&text, "test.toml") {
        panic!("{error}");
    }
}

pub(crate) fn service() -> &'static Service {
    registry().service("svc").expect("`svc` has been called")
}

pub(crate) fn stats() -> Stats {
    service().stats()
}

pub(crate) fn slow(time: u64, step: Step) -> Step {
    Step::After(ms(time), Box::new(step))
}

pub(crate) fn others_fail(calls: u32, step: Step) -> Step {
    Step::Others(calls, Box::new(step))
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
