//! Sources of degraded answers, in every form in which they can be written.

#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    reason = "a fallback has the signature of the function it stands in for"
)]

use std::sync::atomic::{AtomicU32, Ordering};

use resilience_runtime::{
    Answered, RejectionKind, answered_by, comprehensive_retry, graceful_degradation, registry,
    resilient_service, testing,
};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, configure, ms, rejected, secs, slow, stats};

fn sum(a: &u32, b: u32) -> Result<u32, Fault> {
    Ok(*a + b)
}

async fn sum_later(a: &u32, b: u32) -> Result<u32, Fault> {
    tokio::time::sleep(ms(1)).await;
    Ok(*a + b)
}

fn told(a: &u32, b: u32, error: &Fault) -> Result<u32, Fault> {
    assert_eq!(error, &Fault::Down);
    Ok(*a + b + 100)
}

async fn told_later(a: &u32, b: u32, error: &Fault) -> Result<u32, Fault> {
    tokio::time::sleep(ms(1)).await;
    told(a, b, error)
}

macro_rules! forms {
    ($($name:ident = $fallback:path;)+) => {$(
        #[graceful_degradation("svc", fallback = $fallback)]
        async fn $name(a: &u32, b: u32) -> Result<u32, Fault> {
            if *a + b == 0 { Ok(0) } else { Err(Fault::Down) }
        }
    )+};
}

forms! {
    plain = sum;
    later = sum_later;
    plain_told = told;
    later_told = told_later;
}

#[tokio::test(start_paused = true)]
async fn a_fallback_takes_the_arguments_or_those_and_the_error() {
    testing::isolated(async {
        assert_eq!(plain(&0, 0).await, Ok(0), "it is for failures");
        assert_eq!([plain(&1, 2).await, later(&1, 2).await], [Ok(3), Ok(3)]);
        assert_eq!([plain_told(&1, 2).await, later_told(&1, 2).await], [Ok(103), Ok(103)]);
        assert_eq!(answered_by(later_told(&1, 2)).await.1, Answered::Fallback);
    })
    .await;
}

struct Client {
    asked: AtomicU32,
}

impl Client {
    #[resilient_service("svc", max_attempts = 2, base_delay = 0, redirect = Self::elsewhere, fallback = Self::own)]
    async fn ask(&self, text: &str) -> Result<String, Fault> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Err(Fault::Down)
    }

    async fn elsewhere(&self, text: &str) -> Result<String, Fault> {
        if text.len() > 3 { Ok(format!("{text} elsewhere")) } else { Err(Fault::Wrong) }
    }

    fn own(&self, text: &str) -> Result<String, Fault> {
        Ok(format!("{text} after {}", self.asked.load(Ordering::Relaxed)))
    }

    #[comprehensive_retry("svc", max_attempts = 2, base_delay = 0, fallback = Self::reset)]
    async fn count(&mut self) -> Result<u32, Fault> {
        *self.asked.get_mut() += 1;
        Err(Fault::Down)
    }

    fn reset(&mut self) -> Result<u32, Fault> {
        Ok(std::mem::take(self.asked.get_mut()))
    }
}

#[tokio::test(start_paused = true)]
async fn the_sources_of_a_method_are_methods() {
    testing::isolated(async {
        configure("breaker.quiet_failures = 'off'");
        let mut client = Client { asked: AtomicU32::new(0) };
        assert_eq!(client.ask("long").await.as_deref(), Ok("long elsewhere"));
        assert_eq!(client.ask("up").await.as_deref(), Ok("up after 4"));
        assert_eq!(client.count().await, Ok(6));
        assert_eq!(*client.asked.get_mut(), 0);
    })
    .await;
}

fn second(_: &Script, error: &Fault) -> Result<u32, Fault> {
    assert_eq!(error, &Fault::Down, "the error of the call, not that of the redirect");
    Err(Fault::Ours)
}

async fn first(_: &Script) -> Result<u32, Fault> {
    Err(Fault::Wrong)
}

#[comprehensive_retry("svc", redirect = first, fallback = second)]
async fn in_vain(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn when_nobody_has_an_answer_the_first_error_is_returned() {
    testing::isolated(async {
        configure("max_attempts = 1");
        let (outcome, answered) = answered_by(in_vain(&Script::new([Fail(Fault::Down)]))).await;
        assert_eq!((outcome, answered), (Err(Fault::Down), Answered::Call));
        configure("max_attempts = 1\ndegradation_enabled = false");
        assert_eq!(in_vain(&Script::new([Fail(Fault::Wrong)])).await, Err(Fault::Wrong), "nobody is asked");
    })
    .await;
}

async fn never(_: &Script) -> Result<u32, Fault> {
    std::future::pending().await
}

#[comprehensive_retry("svc", redirect = never, fallback = never, static_response = 7)]
async fn hung(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn each_source_that_hangs_gets_its_time_and_the_fixed_answer_comes_after_the_deadline() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = 'off'\ndeadline = '2s'\ndegrade_timeout = '300ms'");
        let start = Instant::now();
        assert_eq!(hung(&Script::new([Hang])).await, Ok(7));
        assert!((ms(2_600)..=ms(2_604)).contains(&start.elapsed()), "{:?}", start.elapsed());
        assert_eq!(stats().rejections(RejectionKind::DeadlineExceeded), 1);
    })
    .await;
}

#[comprehensive_retry("outer", max_attempts = 1, attempt_timeout = off, deadline = "1s")]
async fn hurried(script: &Script) -> Result<u32, Fault> {
    hung(script).await
}

#[tokio::test(start_paused = true)]
async fn no_source_outlives_the_deadline_of_an_outer_call() {
    testing::isolated(async {
        configure("max_attempts = 1\ndeadline = '9s'\nattempt_timeout = '500ms'\ndegrade_timeout = '8s'");
        let start = Instant::now();
        let outcome = hurried(&Script::new([slow(100, Fail(Fault::Down))])).await;
        assert!(start.elapsed() <= ms(1_002), "{:?}", start.elapsed());
        let is_late = rejected(&outcome) == Some(RejectionKind::DeadlineExceeded);
        assert!(outcome == Ok(7) || is_late, "{outcome:?}");
    })
    .await;
}

#[resilient_service("one", redirect = to_two)]
async fn one(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[resilient_service("two", redirect = to_one)]
async fn two(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

type Boxed<'a> = std::pin::Pin<Box<dyn Future<Output = Result<u32, Fault>> + 'a>>;

fn to_one(script: &Script) -> Boxed<'_> {
    Box::pin(one(script))
}

fn to_two(script: &Script) -> Boxed<'_> {
    Box::pin(two(script))
}

#[tokio::test(start_paused = true)]
async fn redirects_in_a_circle_end_with_the_first_error() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Wrong)]);
        let outcome = tokio::time::timeout(secs(60), one(&script)).await;
        assert_eq!(outcome.unwrap(), Err(Fault::Wrong));
        assert_eq!(script.asked().len(), 2, "each once");
        let cycles =
            |name| registry().service(name).unwrap().stats().rejections(RejectionKind::RedirectCycle);
        assert_eq!((cycles("one"), cycles("two")), (1, 0));
        assert_eq!(two(&Script::new([Answer(1)])).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_fallback_is_bounded_where_the_call_has_no_deadline() {
    async fn hangs() -> Result<u32, Fault> {
        std::future::pending().await
    }

    #[graceful_degradation("unbounded", fallback = hangs, static_response = 9, degrade_timeout = "1s")]
    async fn fails() -> Result<u32, Fault> {
        Err(Fault::Down)
    }

    testing::isolated(async {
        let start = Instant::now();
        assert_eq!(fails().await, Ok(9));
        assert!((ms(1_000)..=ms(1_002)).contains(&start.elapsed()));
    })
    .await;
}
