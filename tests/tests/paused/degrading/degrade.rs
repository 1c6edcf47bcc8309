//! Redirects, fallbacks and static responses: which is tried, in which order, and what the call returns.

use std::rc::Rc;

use resilience_runtime::monitor::{CallOutcome, Stats};
use resilience_runtime::{
    Answered, RejectionKind, Source, answered_by, comprehensive_retry, registry, testing,
};

use crate::script::{Answer, Fail, Fault, Hang, Script, ms};

/// What a function of these tests does: the call, its redirect and its fallback.
struct Asked {
    call: Script,
    redirect: Script,
    fallback: Script,
}

impl Asked {
    fn new(call: Script) -> Self {
        let fails = || Script::new([Fail(Fault::Wrong)]);
        Self { call, redirect: fails(), fallback: fails() }
    }
}

mod chains;
mod closures;
mod limits;

async fn redirect(asked: &Asked) -> Result<u32, Fault> {
    asked.redirect.step().await
}

async fn fallback(asked: &Asked, error: &Fault) -> Result<u32, Fault> {
    assert_ne!(error, &Fault::Wrong, "not the error of another source");
    asked.fallback.step().await
}

#[comprehensive_retry("svc", redirect = redirect, fallback = fallback, static_response = 99)]
async fn all(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[comprehensive_retry("svc", redirect = redirect, fallback = fallback)]
async fn some(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

fn configure(text: &str) {
    if let Err(error) = registry().load_config(text, "test.toml") {
        panic!("{error}");
    }
}

fn once() {
    configure("[services.svc]\nmax_attempts = 1\n");
}

fn stats(service: &str) -> Stats {
    registry().service(service).expect("it has been called").stats()
}

#[tokio::test(start_paused = true)]
async fn redirect_fallback_and_static_response_are_asked_in_this_order() {
    testing::isolated(async {
        once();
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        assert_eq!(answered_by(all(&asked)).await, (Ok(99), Answered::Static));
        assert_eq!((asked.redirect.asked().len(), asked.fallback.asked().len()), (1, 1));
        asked.fallback = Script::new([Answer(2)]);
        assert_eq!(answered_by(all(&asked)).await, (Ok(2), Answered::Fallback));
        asked.redirect = Script::new([Answer(1)]);
        asked.fallback = Script::new([Answer(2)]);
        assert_eq!(answered_by(all(&asked)).await, (Ok(1), Answered::Redirect));
        assert_eq!(asked.fallback.asked().len(), 0);
        asked.call = Script::new([Answer(0)]);
        assert_eq!(answered_by(all(&asked)).await, (Ok(0), Answered::Call));
        let counted = Source::ALL.iter().map(|&source| stats("svc").fallbacks(source));
        assert!(counted.eq([0, 1, 1, 1]));
        assert_eq!(
            (stats("svc").calls(CallOutcome::Error), stats("svc").calls(CallOutcome::Success)),
            (3, 1)
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_first_error_is_returned_when_nobody_has_an_answer() {
    testing::isolated(async {
        once();
        let asked = Asked::new(Script::new([Fail(Fault::Down)]));
        assert_eq!(answered_by(some(&asked)).await, (Err(Fault::Down), Answered::Call));
        assert_eq!((asked.redirect.asked().len(), asked.fallback.asked().len()), (1, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn sources_are_asked_once_all_retries_are_used_up() {
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 3\nbase_delay = 0\n");
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        asked.redirect = Script::new([Answer(1)]);
        assert_eq!(some(&asked).await, Ok(1));
        assert_eq!((asked.call.asked().len(), asked.redirect.asked().len()), (3, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rejected_call_is_answered_too() {
    testing::isolated(async {
        once();
        let asked = Asked::new(Script::new([Answer(1)]));
        assert_eq!(all(&asked).await, Ok(1));
        registry().service("svc").unwrap().force_open();
        assert_eq!(all(&asked).await, Ok(99));
        let first = some(&asked).await.unwrap_err();
        assert!(matches!(first, Fault::Rejected(it) if it.kind() == RejectionKind::CircuitOpen));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_a_redirect_answers_has_ended_already() {
    testing::isolated(async {
        once();
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        asked.redirect = Script::new([Hang]);
        assert!(tokio::time::timeout(ms(5), all(&asked)).await.is_err());
        let stats = stats("svc");
        assert_eq!((stats.in_flight(), stats.calls(CallOutcome::Error)), (0, 1));
        assert_eq!(stats.calls(CallOutcome::Cancelled), 0);
    })
    .await;
}

#[tokio::test]
async fn the_future_is_send_although_the_answer_is_not() {
    #[comprehensive_retry("local", redirect = another, fallback = another)]
    async fn local() -> Result<Rc<u32>, Fault> {
        Err(Fault::Wrong)
    }
    async fn another() -> Result<Rc<u32>, Fault> {
        tokio::task::yield_now().await;
        Ok(Rc::new(1))
    }
    async fn uses() -> u32 {
        local().await.map_or(0, |value| *value)
    }
    assert_eq!(tokio::spawn(uses()).await.unwrap(), 1);
}
