//! Fallback closures, and `fallback_if`: which errors get a degraded answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use resilience_runtime::{
    Answered, RejectionKind, Source, answered_by, comprehensive_retry, graceful_degradation, registry,
    testing,
};

use super::{Asked, configure, once};
use crate::script::{Answer, Fail, Fault, Hang, Script};

fn is_down(fault: &Fault) -> bool {
    *fault == Fault::Down
}

#[comprehensive_retry("svc", fallback = |asked, number| Ok(number + u32::from(asked.fallback.asked().len() == 1)))]
async fn sync(asked: &Asked, number: u32) -> Result<u32, Fault> {
    asked.call.step().await.map(|answer| answer + number)
}

#[comprehensive_retry("svc", fallback = |asked, number| async move { Ok(asked.fallback.step().await? + number) })]
async fn future(asked: &Asked, number: u32) -> Result<u32, Fault> {
    asked.call.step().await.map(|answer| answer + number)
}

#[comprehensive_retry("svc", fallback = async |asked: &Asked, number| Ok(asked.fallback.step().await? + number))]
async fn asynchronous(asked: &Asked, number: u32) -> Result<u32, Fault> {
    asked.call.step().await.map(|answer| answer + number)
}

#[comprehensive_retry("svc", fallback = |_, number, error| if is_down(error) { Ok(number) } else { Err(Fault::Wrong) })]
async fn with_error(asked: &Asked, number: u32) -> Result<u32, Fault> {
    asked.call.step().await.map(|answer| answer + number)
}

#[graceful_degradation("svc", fallback = async |asked, text, error| {
    let answer = asked.fallback.step().await?;
    Ok(format!("{text} {answer} {}", is_down(error)))
})]
async fn asynchronous_with_error(asked: &Asked, text: String) -> Result<String, Fault> {
    asked.call.step().await.map(|answer| format!("{text} {answer}"))
}

#[comprehensive_retry("svc", fallback = |it: &Asked, _: Arc<str>, _: &Fault| async { it.fallback.step().await }, clone(name))]
async fn with_types(asked: &Asked, name: Arc<str>) -> Result<u32, Fault> {
    asked.call.step().await.map(|answer| answer + u32::try_from(name.len()).unwrap_or(0))
}

struct Client {
    asked: Asked,
    changed: u32,
}

impl Client {
    #[comprehensive_retry("svc", fallback = |this, by| { this.changed += by; Ok(this.changed) })]
    async fn change(&mut self, by: u32) -> Result<u32, Fault> {
        self.asked.call.step().await
    }
}

#[comprehensive_retry("svc", fallback = || Ok(7))]
async fn nothing() -> Result<u32, Fault> {
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn closures_answer_in_every_form() {
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 1\nbreaker = \"off\"\n");
        let asked = || {
            let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
            asked.fallback = Script::new([Answer(2)]);
            asked
        };
        assert_eq!(answered_by(sync(&asked(), 10)).await, (Ok(10), Answered::Fallback));
        assert_eq!(answered_by(future(&asked(), 10)).await, (Ok(12), Answered::Fallback));
        assert_eq!(asynchronous(&asked(), 10).await, Ok(12));
        assert_eq!(with_error(&asked(), 10).await, Ok(10));
        assert_eq!(asynchronous_with_error(&asked(), "a".into()).await, Ok("a 2 true".into()));
        assert_eq!(with_types(&asked(), "four".into()).await, Ok(2));
        assert_eq!(nothing().await, Ok(7));
        let mut client = Client { asked: asked(), changed: 3 };
        assert_eq!((client.change(4).await, client.changed), (Ok(7), 7));
        // A closure that fails passes on, and the first error is returned.
        assert_eq!(future(&Asked::new(Script::new([Fail(Fault::Down)])), 10).await, Err(Fault::Down));
        assert_eq!(sync(&Asked::new(Script::new([Answer(1)])), 10).await, Ok(11));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_closure_is_asked_once_after_all_attempts() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[comprehensive_retry("svc", fallback = |_| Ok(RUNS.fetch_add(1, Ordering::Relaxed)))]
    async fn counted(asked: &Asked) -> Result<u32, Fault> {
        asked.call.step().await
    }
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 3\nbase_delay = 0\n");
        let asked = Asked::new(Script::new([Fail(Fault::Down)]));
        assert_eq!(counted(&asked).await, Ok(0));
        assert_eq!((RUNS.load(Ordering::Relaxed), asked.call.asked().len()), (1, 3));
    })
    .await;
}

#[comprehensive_retry("svc", redirect = super::redirect, fallback = |_| Ok(5), static_response = 6, fallback_if = is_down)]
async fn some_errors(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[comprehensive_retry("svc", static_response = 6, fallback_if = is_down)]
async fn fixed(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[comprehensive_retry("svc", cache(key = 0), fallback_if = is_down)]
async fn cached(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[tokio::test(start_paused = true)]
async fn fallback_if_says_which_errors_are_answered_for_by_any_source() {
    testing::isolated(async {
        once();
        let mut asked = Asked::new(Script::new([Fail(Fault::Down), Fail(Fault::Wrong)]));
        asked.redirect = Script::new([Fail(Fault::Wrong)]);
        assert_eq!(answered_by(some_errors(&asked)).await, (Ok(5), Answered::Fallback));
        assert_eq!(answered_by(some_errors(&asked)).await, (Err(Fault::Wrong), Answered::Call));
        assert_eq!(asked.redirect.asked().len(), 1, "the redirect is not asked either");
        asked.call = Script::new([Fail(Fault::Wrong), Fail(Fault::Down)]);
        assert_eq!(fixed(&asked).await, Err(Fault::Wrong));
        assert_eq!(fixed(&asked).await, Ok(6));
        asked.call = Script::new([Answer(1), Fail(Fault::Wrong), Fail(Fault::Down)]);
        assert_eq!(cached(&asked).await, Ok(1));
        assert_eq!(cached(&asked).await, Err(Fault::Wrong));
        assert_eq!(cached(&asked).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_answered_for_whatever_fallback_if_says() {
    fn none(fault: &Fault) -> bool {
        assert!(!matches!(fault, Fault::Rejected(_)), "a rejection is not asked about");
        false
    }
    #[comprehensive_retry("svc", fallback = |_| Ok(5), fallback_if = none)]
    async fn never(asked: &Asked) -> Result<u32, Fault> {
        asked.call.step().await
    }
    #[comprehensive_retry("inner")]
    async fn inner(asked: &Asked) -> Result<u32, Fault> {
        asked.call.step().await
    }
    #[comprehensive_retry("svc", fallback = |_| Ok(5), fallback_if = none)]
    async fn around(asked: &Asked) -> Result<u32, Fault> {
        inner(asked).await
    }
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 1\nattempt_timeout = \"1s\"\n[services.inner]\nmax_attempts = 1\n");
        let mut asked = Asked::new(Script::new([Fail(Fault::Wrong), Hang]));
        assert_eq!(never(&asked).await, Err(Fault::Wrong));
        assert_eq!(never(&asked).await, Ok(5), "a timeout is a rejection");
        asked.call = Script::new([Fail(Fault::Wrong)]);
        assert_eq!(around(&asked).await, Err(Fault::Wrong));
        registry().service("inner").unwrap().force_open();
        assert_eq!(around(&asked).await, Ok(5), "of a call inside");
        registry().service("svc").unwrap().force_open();
        assert_eq!(never(&asked).await, Ok(5));
        let rejected = registry().service("svc").unwrap().stats().rejections(RejectionKind::CircuitOpen);
        assert_eq!(rejected, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_told_from_one_that_is_not_asked() {
    testing::isolated(async {
        let settings = "[services.svc]\nmax_attempts = 1\ndegrade_timeout = \"1s\"\nbreaker = \"off\"\n";
        configure(settings);
        let counted = || {
            let stats = super::stats("svc");
            let of = |source| (stats.fallbacks(source), stats.fallbacks_failed(source));
            (of(Source::Redirect), of(Source::Fallback), of(Source::Static), stats.fallbacks_skipped())
        };
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        asked.redirect = Script::new([Fail(Fault::Wrong), Hang]);
        // The redirect gives an error, then runs out of time; the closure answers.
        assert_eq!(some_errors(&asked).await, Ok(5));
        assert_eq!(some_errors(&asked).await, Ok(5));
        assert_eq!(counted(), ((0, 2), (2, 0), (0, 0), 0));
        asked.call = Script::new([Fail(Fault::Wrong)]);
        assert_eq!(some_errors(&asked).await, Err(Fault::Wrong));
        assert_eq!(counted(), ((0, 2), (2, 0), (0, 0), 1));
        asked.call = Script::new([Fail(Fault::Down), Answer(1)]);
        configure(&format!("{settings}degradation_enabled = false\n"));
        assert_eq!(some_errors(&asked).await, Err(Fault::Down));
        assert_eq!(some_errors(&asked).await, Ok(1));
        assert_eq!(counted(), ((0, 2), (2, 0), (0, 0), 2));
        registry().service("svc").unwrap().force_open();
        configure(settings.trim_end_matches("breaker = \"off\"\n"));
        asked.redirect = Script::new([Fail(Fault::Wrong)]);
        assert_eq!(super::all(&asked).await, Ok(99));
        assert_eq!(counted(), ((0, 3), (2, 1), (1, 0), 2));
    })
    .await;
}
