//! The log lines of retries and failed calls: function, attempt number and limit, and the reason; never an error's
//! text.

mod breaker;
mod reasons;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use resilience_runtime::{Classify, Rejection, comprehensive_retry, testing};
use tracing::field::{Field, Visit};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

const SECRET: &str = "hunter2-in-the-text";

#[derive(Debug, thiserror::Error, Classify)]
enum Fault {
    #[error("down {0}")]
    #[retry]
    Down(String),
    #[error("wrong {0}")]
    #[never]
    Wrong(String),
    #[error("status {0} {SECRET}")]
    #[status(0)]
    Status(u16),
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// Every event of this library as a line of ` field=value`.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// The only line with this message.
    fn one(&self, message: &str) -> String {
        let lines = self.all();
        let found: Vec<_> =
            lines.iter().filter(|line| line.contains(&format!(" message={message} "))).collect();
        assert_eq!(found.len(), 1, "{message}: {lines:#?}");
        found[0].clone()
    }

    /// Has what this thread logs written here, for as long as what is returned lives.
    ///
    /// With one subscriber in the program, `tracing` asks the thread that is first at a line whether anybody wants it, for all
    /// threads: that of another test says no. With two it asks the subscribers.
    pub(crate) fn listen(&self) -> (Dispatch, DefaultGuard) {
        let beside = Dispatch::new(Registry::default());
        (beside, set_default(Registry::default().with(self.clone())))
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {field}={value} ");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?} ");
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("resilience::") {
            let mut fields = Fields(String::new());
            event.record(&mut fields);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fields.0);
        }
    }
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = "1ms")]
async fn classified(fault: fn() -> Fault) -> Result<u32, Fault> {
    Err(fault())
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = "1ms", retry_on(Fault::Wrong(_)))]
async fn listed() -> Result<u32, Fault> {
    Err(Fault::Wrong(SECRET.to_owned()))
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = "1ms", retryable_status_codes = [418])]
async fn by_status() -> Result<u32, Fault> {
    Err(Fault::Status(418))
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = 0, attempt_timeout = "5ms")]
async fn hanging() -> Result<u32, Fault> {
    std::future::pending().await
}

/// The lines of one call.
async fn lines(call: impl Future<Output = Result<u32, Fault>>) -> Lines {
    let lines = Lines::default();
    let _listening = lines.listen();
    testing::isolated(async {
        let _ = call.await;
    })
    .await;
    lines
}

fn assert_has(line: &str, fields: &[&str]) {
    for field in fields {
        assert!(line.contains(&format!(" {field} ")), "{field} is not in: {line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_names_its_function_the_attempt_of_how_many_and_the_rule() {
    let down = || Fault::Down(SECRET.to_owned());
    let told = lines(classified(down)).await.one("retrying");
    let fields = ["service=svc", "attempt=1", "max_attempts=2", "function=classified"];
    assert_has(&told, &fields);
    assert_has(&told, &["decided_by=classification", "outcome=retryable"]);
    assert_has(&lines(listed()).await.one("retrying"), &["function=listed", "decided_by=retry_on"]);
    let told = lines(by_status()).await.one("retrying");
    assert_has(&told, &["function=by_status", "decided_by=retryable_status_codes", "status=418"]);
    assert_has(&lines(hanging()).await.one("retrying"), &["function=hanging", "decided_by=attempt_timeout"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_names_its_function_the_attempts_of_how_many_and_what_ended_it() {
    let told = lines(classified(|| Fault::Down(SECRET.to_owned()))).await.one("call failed");
    assert_has(&told, &["function=classified", "attempts=2", "max_attempts=2", "reason=attempts_exhausted"]);
    let told = lines(classified(|| Fault::Wrong(SECRET.to_owned()))).await.one("call failed");
    assert_has(&told, &["function=classified", "attempts=1", "max_attempts=2", "reason=not_retryable"]);
}

#[tokio::test(start_paused = true)]
async fn no_line_has_the_text_of_an_error() {
    let mut all = lines(classified(|| Fault::Down(SECRET.to_owned()))).await.all();
    all.extend(lines(classified(|| Fault::Wrong(SECRET.to_owned()))).await.all());
    all.extend(lines(listed()).await.all());
    all.extend(lines(by_status()).await.all());
    assert!(all.len() >= 7, "{all:#?}");
    assert!(all.iter().all(|line| !line.contains(SECRET)), "{all:#?}");
}
