//! Sources that are annotated functions themselves, and calls with sources inside other calls.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use resilience_runtime::{
    Answered, Ending, RejectionKind, Source, answered_by, comprehensive_retry, registry, testing,
};
use tokio::time::Instant;

use super::{Asked, all, configure, once, stats};
use crate::script::{Answer, Fail, Fault, Script, ms};

type Boxed<'a> = Pin<Box<dyn Future<Output = Result<u32, Fault>> + 'a>>;

fn to_there(asked: &Asked) -> Boxed<'_> {
    Box::pin(there(asked))
}

fn and_back(asked: &Asked) -> Boxed<'_> {
    Box::pin(back(asked))
}

#[comprehensive_retry("one", redirect = and_back, static_response = 1)]
async fn there(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[comprehensive_retry("two", redirect = to_there, fallback = fallback_of_back)]
async fn back(asked: &Asked) -> Result<u32, Fault> {
    asked.redirect.step().await
}

fn fallback_of_back(_: &Asked, error: &Fault) -> Result<u32, Fault> {
    assert_eq!(error, &Fault::Wrong, "its own first error, not that of the redirect");
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn redirects_that_come_back_end_at_once() {
    testing::isolated(async {
        configure("[services.one]\nmax_attempts = 1\n[services.two]\nmax_attempts = 1\n");
        let asked = Asked::new(Script::new([Fail(Fault::Down)]));
        let start = Instant::now();
        assert_eq!(answered_by(there(&asked)).await, (Ok(1), Answered::Static));
        assert_eq!(start.elapsed(), ms(0));
        assert_eq!((asked.call.asked().len(), asked.redirect.asked().len()), (1, 1));
        assert_eq!(
            (
                stats("one").endings(Ending::RedirectCycle),
                stats("one").rejections(RejectionKind::RedirectCycle)
            ),
            (1, 1)
        );
        // Once the degradation is over, the site may be entered again.
        assert_eq!(back(&asked).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn redirects_that_come_back_are_said_once() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _default = tracing::subscriber::set_default(subscriber);
    testing::isolated(async {
        let asked = Asked::new(Script::new([Fail(Fault::Wrong)]));
        for _ in 0..3 {
            assert_eq!(there(&asked).await, Ok(1));
        }
        assert_eq!(stats("one").endings(Ending::RedirectCycle), 3);
    })
    .await;
    let text = log.0.lock().unwrap();
    let said = String::from_utf8_lossy(&text).matches("lead back").count();
    assert_eq!(said, 1);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[comprehensive_retry("svc", static_response = 5)]
async fn sibling(asked: &Asked) -> Result<u32, Fault> {
    asked.redirect.step().await
}

#[comprehensive_retry("svc", redirect = sibling)]
async fn to_sibling(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_the_same_service_is_a_call_like_any_other() {
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 2\nbase_delay = 0\n");
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        asked.redirect = Script::new([Fail(Fault::Down), Answer(3)]);
        assert_eq!(answered_by(to_sibling(&asked)).await, (Ok(3), Answered::Redirect));
        assert_eq!((stats("svc").started(), stats("svc").retries()), (2, 2));
    })
    .await;
}

#[comprehensive_retry("svc")]
async fn around(asked: &Asked) -> Result<u32, Fault> {
    all(asked).await
}

#[tokio::test(start_paused = true)]
async fn a_call_that_passes_through_leaves_the_answer_to_its_outer_call() {
    testing::isolated(async {
        once();
        let asked = Asked::new(Script::new([Fail(Fault::Down)]));
        assert_eq!(around(&asked).await, Err(Fault::Down));
        assert_eq!(asked.redirect.asked().len(), 0);
    })
    .await;
}

#[comprehensive_retry("inner", static_response = 5)]
async fn inner(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[comprehensive_retry("outer")]
async fn outer(asked: &Asked) -> Result<u32, Fault> {
    assert_eq!(inner(asked).await, Ok(5));
    asked.redirect.step().await
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_was_answered_does_not_keep_the_outer_call_from_a_retry() {
    testing::isolated(async {
        configure("[services.outer]\nmax_attempts = 2\nbase_delay = 0\n");
        let mut asked = Asked::new(Script::new([Answer(5)]));
        assert_eq!(inner(&asked).await, Ok(5));
        registry().service("inner").unwrap().force_open();
        asked.redirect = Script::new([Fail(Fault::Down), Answer(6)]);
        assert_eq!(outer(&asked).await, Ok(6));
        assert_eq!(asked.call.asked().len(), 1);
        assert_eq!(stats("inner").fallbacks(Source::Static), 2);
    })
    .await;
}
