//! Response caches and shared executions, written as the attributes expand them, on tokio's paused clock.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use resilience_settings::policy::{CacheMode, CacheSettings, CallPolicy};

use tokio::time::{advance, sleep, timeout};

use crate::monitor::{CallOutcome, Stats};
use crate::registry::{Site, registry};
use crate::rejection::Rejection;
use crate::source::{Answered, Source};
use crate::{RejectionKind, answered_by, support, testing};

static SITE: Site = Site::new("svc", "tests", "asked", &[]);

#[derive(Debug, PartialEq)]
enum Fault {
    Down,
    Rejected(RejectionKind),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection.kind())
    }
}

mod flights;

/// A dependency: the answers to come, how long each takes, and how often it was asked.
struct Dependency {
    answers: RefCell<VecDeque<Result<u32, Fault>>>,
    takes: Duration,
    asked: Cell<u32>,
}

impl Dependency {
    fn new(answers: impl IntoIterator<Item = Result<u32, Fault>>, takes: u64) -> Self {
        Self {
            answers: RefCell::new(answers.into_iter().collect()),
            takes: Duration::from_millis(takes),
            asked: Cell::new(0),
        }
    }

    /// Goes on with an error when there is no answer left.
    async fn ask(&self) -> Result<u32, Fault> {
        self.asked.set(self.asked.get() + 1);
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
        self.answers.borrow_mut().pop_front().unwrap_or(Err(Fault::Down))
    }
}

/// The expansion of `cache(…, key = key)`.
async fn get(key: &str, from: &Dependency) -> Result<u32, Fault> {
    let mut call = SITE.enter();
    let mut lookup = call.lookup(key.to_owned());
    let outcome = if let Some(hit) = lookup.ahead(&mut call).await {
        Ok(hit)
    } else {
        loop {
            match call
                .attempt(
                    async { from.ask().await },
                    |error| support::classify!(error),
                    support::KeepErrors,
                    support::convert,
                )
                .await
            {
                ControlFlow::Break(outcome) => break outcome,
                ControlFlow::Continue(()) => {}
            }
        }
    };
    lookup.learn(&call, &outcome);
    'answer: {
        let degraded = match call.degrade(outcome) {
            ControlFlow::Break(outcome) => break 'answer outcome,
            ControlFlow::Continue(degraded) => degraded,
        };
        if let Some(value) = degraded.cached(&lookup) {
            break 'answer Ok(value);
        }
        degraded.finish()
    }
}

fn cache(mode: CacheMode, ttl: u64, stale_for: u64) -> CacheSettings {
    settings!(CacheSettings {
        ttl: Duration::from_secs(ttl),
        stale_for: Duration::from_secs(stale_for),
        capacity: 100,
        mode,
    })
}

fn set(change: impl FnOnce(&mut CallPolicy)) {
    registry().set_call_policy(&SITE, |policy| {
        policy.max_attempts = 1;
        policy.attempt_timeout = None;
        policy.deadline = None;
        policy.cache = None;
        policy.degradation_enabled = true;
        change(policy);
    });
}

fn set_cache(settings: CacheSettings) {
    set(|policy| policy.cache = Some(settings));
}

fn stats() -> Stats {
    registry().service("svc").expect("it has been called").stats()
}

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn on_failure_the_last_answer_stands_in_fresh_or_stale_until_it_is_too_old() {
    testing::isolated(async {
        set_cache(cache(CacheMode::OnFailure, 10, 5));
        let from = Dependency::new([Ok(1), Ok(2)], 0);
        assert_eq!(answered_by(get("a", &from)).await, (Ok(1), Answered::Call));
        assert_eq!(get("a", &from).await, Ok(2), "a call that can be made is made");
        assert_eq!(answered_by(get("a", &from)).await, (Ok(2), Answered::Cache { stale: false }));
        assert_eq!(get("b", &from).await, Err(Fault::Down), "another key");
        advance(10 * SECOND).await;
        assert_eq!(answered_by(get("a", &from)).await, (Ok(2), Answered::Cache { stale: true }));
        advance(5 * SECOND).await;
        assert_eq!(answered_by(get("a", &from)).await, (Err(Fault::Down), Answered::Call));
        assert_eq!((stats().fallbacks(Source::Cache), stats().cache_hits()), (2, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_is_no_hindrance_for_the_cache() {
    testing::isolated(async {
        set_cache(cache(CacheMode::OnFailure, 10, 5));
        let from = Dependency::new([Ok(1)], 0);
        assert_eq!(get("a", &from).await, Ok(1));
        registry().service("svc").unwrap().force_open();
        assert_eq!(get("a", &from).await, Ok(1));
        assert_eq!(get("b", &from).await, Err(Fault::Rejected(RejectionKind::CircuitOpen)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn read_through_answers_before_the_call_while_the_answer_is_fresh() {
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Ok(1), Ok(2)], 0);
        assert_eq!(get("a", &from).await, Ok(1));
        advance(9 * SECOND).await;
        assert_eq!(answered_by(get("a", &from)).await, (Ok(1), Answered::Cache { stale: false }));
        assert_eq!(from.asked.get(), 1);
        advance(SECOND).await;
        assert_eq!(answered_by(get("a", &from)).await, (Ok(2), Answered::Call));
        let stats = stats();
        assert_eq!(
            (stats.cache_hits(), stats.calls(CallOutcome::Success), stats.attempts_ended()),
            (1, 3, 2)
        );
        assert_eq!((stats.in_flight(), stats.fallbacks(Source::Cache)), (0, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn degradation_switched_off_neither_answers_nor_shares() {
    testing::isolated(async {
        for mode in [CacheMode::OnFailure, CacheMode::ReadThrough] {
            set_cache(cache(mode, 10, 5));
            let from = Dependency::new([Ok(1)], 0);
            assert_eq!(get("a", &from).await, Ok(1));
            set(|policy| {
                policy.cache = Some(cache(mode, 10, 5));
                policy.degradation_enabled = false;
            });
            assert_eq!(get("a", &from).await, Err(Fault::Down));
            set(|_| ());
            assert_eq!(get("a", &from).await, Err(Fault::Down), "a cache that is off");
            set_cache(cache(mode, 10, 5));
            assert_eq!(get("a", &from).await, Ok(1), "what was kept is still there");
            advance(100 * SECOND).await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn another_capacity_keeps_the_answers_that_fit() {
    testing::isolated(async {
        let with = |capacity| {
            set_cache(settings!(CacheSettings { capacity, ..cache(CacheMode::OnFailure, 100, 0) }));
        };
        with(100);
        for key in 0..20 {
            assert_eq!(get(&key.to_string(), &Dependency::new([Ok(key)], 0)).await, Ok(key));
            advance(MS).await;
        }
        with(5);
        let down = Dependency::new([], 0);
        let mut kept = Vec::new();
        for key in 0..20 {
            kept.extend(get(&key.to_string(), &down).await);
        }
        assert_eq!(kept, [15, 16, 17, 18, 19]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_not_wanted_is_not_kept() {
    async fn unless_zero(from: &Dependency) -> Result<u32, Fault> {
        let mut call = SITE.enter();
        let mut lookup = call.lookup(());
        if let Some(hit) = lookup.ahead(&mut call).await {
            return Ok(hit);
        }
        let last_outcome = support::RetryIfOk(|value: &u32| *value == 0);
        let body = async { from.ask().await };
        let outcome =
            match call.attempt(body, |error| support::classify!(error), last_outcome, support::convert).await
            {
                ControlFlow::Break(outcome) => outcome,
                ControlFlow::Continue(()) => panic!("one attempt is all there is"),
            };
        lookup.learn(&call, &outcome);
        outcome
    }
    testing::isolated(async {
        set_cache(cache(CacheMode::ReadThrough, 10, 0));
        let from = Dependency::new([Ok(0), Ok(1), Ok(2)], 0);
        assert_eq!(unless_zero(&from).await, Ok(0));
        assert_eq!(unless_zero(&from).await, Ok(1));
        assert_eq!(unless_zero(&from).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn registries_do_not_share_answers() {
    let asked = |from| async move {
        set_cache(cache(CacheMode::ReadThrough, 10, 5));
        get("a", from).await
    };
    let from = Dependency::new([Ok(1), Ok(2)], 0);
    assert_eq!(testing::isolated(asked(&from)).await, Ok(1));
    assert_eq!(testing::isolated(asked(&from)).await, Ok(2));
}
