//! A large model answers questions, until its server is killed, and then that of the small model which stands in
//! for it; at the end the large one is back. Every question gets an answer, and each answer says whose it is.
//! Needs nothing but the loopback interface, and ends by itself within 10 seconds.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use examples::{Loopback, say};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use reqwest::Client;
use resilience_runtime::{Answered, Rejection, Source, answered_by, registry, retry_ai_service};

/// Where the models listen.
struct Models {
    client: Client,
    large: String,
    small: String,
}

#[derive(Debug, thiserror::Error)]
enum ModelError {
    #[error("no answer: {0}")]
    Transport(#[from] reqwest::Error),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

const SORRY: &str = "I cannot think right now, please ask me later.";

/// Who answers when the large model does not: an earlier answer of its own, the small model, a fixed text.
#[retry_ai_service(
    "large_model",
    max_attempts = 2,
    base_delay = "20ms",
    max_delay = "100ms",
    attempt_timeout = "500ms",
    deadline = "2s",
    breaker(consecutive_failures = 3, open_for = "500ms", max_open_for = "800ms", success_threshold = 1),
    cache(key = question.to_owned(), ttl = "1s", stale_for = "1m"),
    redirect = ask_small,
    static_response = SORRY.to_owned()
)]
async fn ask(models: &Models, question: &str) -> Result<String, ModelError> {
    post(&models.client, &models.large, question).await
}

#[retry_ai_service(
    "small_model",
    max_attempts = 1,
    attempt_timeout = "300ms",
    breaker(consecutive_failures = 2)
)]
async fn ask_small(models: &Models, question: &str) -> Result<String, ModelError> {
    post(&models.client, &models.small, question).await
}

async fn post(client: &Client, url: &str, question: &str) -> Result<String, ModelError> {
    let response = client.post(url).body(question.to_owned()).send().await?;
    Ok(response.error_for_status()?.text().await?)
}

/// A model on loopback that thinks for some time.
async fn start_model(at: SocketAddr, name: &'static str, thinks: Duration) -> io::Result<Loopback> {
    let answer = move |request: Request<Incoming>| async move {
        let question = request.into_body().collect().await.map_err(io::Error::other)?.to_bytes();
        tokio::time::sleep(thinks).await;
        let text = format!("{name}: it is about {}.", String::from_utf8_lossy(&question));
        Ok(Response::new(Full::new(Bytes::from(text))))
    };
    Loopback::start_at(at, answer).await
}

/// Who answered how often.
#[derive(Default)]
struct Tally {
    large: usize,
    fresh: usize,
    stale: usize,
    small: usize,
    fixed: usize,
}

impl Tally {
    /// Asks, prints who answered, and checks that it is who should have, with an answer of its own.
    async fn ask(
        &mut self,
        models: &Models,
        question: &str,
        expected: Answered,
    ) -> Result<(), Box<dyn Error>> {
        let began = Instant::now();
        let (answer, by) = answered_by(ask(models, question)).await;
        let answer = answer?;
        let (who, count, whose) = match by {
            Answered::Call => ("the large model", &mut self.large, "large"),
            Answered::Cache { stale: false } => ("its cache", &mut self.fresh, "large"),
            Answered::Cache { stale: true } => ("its cache, stale", &mut self.stale, "large"),
            Answered::Redirect => ("the small model", &mut self.small, "small"),
            _ => ("nobody, a fixed text", &mut self.fixed, SORRY),
        };
        *count += 1;
        let millis = began.elapsed().as_secs_f64() * 1e3;
        say(&format!("   {question:<12} {who:<22} {millis:6.1} ms   {answer}"));
        if by == expected && answer.starts_with(whose) {
            Ok(())
        } else {
            Err(format!("expected {expected:?} to answer, but {by:?} did with {answer:?}").into())
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    const FRESH: Answered = Answered::Cache { stale: false };
    const STALE: Answered = Answered::Cache { stale: true };
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let large = start_model(anywhere, "large", Duration::from_millis(80)).await?;
    let small = start_model(anywhere, "small", Duration::from_millis(20)).await?;
    let port = large.address();
    let models = Models { client: Client::new(), large: large.url("/"), small: small.url("/") };
    let mut tally = Tally::default();

    say("1. Both models are up.");
    tally.ask(&models, "rainbows", Answered::Call).await?;
    tally.ask(&models, "Faust", Answered::Call).await?;

    say("\n2. The server of the large model is killed.");
    large.stop().await;
    tally.ask(&models, "rainbows", FRESH).await?;
    tally.ask(&models, "monads", Answered::Redirect).await?;
    tell_breaker(true)?;
    tally.ask(&models, "primes", Answered::Redirect).await?;
    say("   … time goes by, the cached answers grow old");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    tally.ask(&models, "Faust", STALE).await?;

    say("\n3. The server of the small model is killed as well.");
    small.stop().await;
    for question in ["monads", "primes", "owls"] {
        tally.ask(&models, question, Answered::Static).await?;
    }
    tally.ask(&models, "rainbows", STALE).await?;

    say("\n4. The large model is back on its old port; its breaker lets a trial through after the break.");
    let large = start_model(port, "large", Duration::from_millis(80)).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    tally.ask(&models, "owls", Answered::Call).await?;
    tell_breaker(false)?;
    tally.ask(&models, "rainbows", Answered::Call).await?;
    large.stop().await;

    finish(&tally)
}

/// Says in which state the breaker of the large model is.
fn tell_breaker(open: bool) -> Result<(), Box<dyn Error>> {
    let service = registry().service("large_model").ok_or("no service `large_model`")?;
    let state = service.breaker_state();
    say(&format!("   -- the breaker of the large model is {state}"));
    if state.is_open() == open {
        Ok(())
    } else {
        Err(format!("expected the breaker to be open: {open}").into())
    }
}

/// The counters of the library must tell the same story.
fn finish(tally: &Tally) -> Result<(), Box<dyn Error>> {
    let service = registry().service("large_model").ok_or("no service `large_model`")?;
    let stats = service.stats();
    let counted = [Source::Cache, Source::Redirect, Source::Static].map(|source| stats.fallbacks(source));
    let Tally { large, fresh, stale, small, fixed } = *tally;
    if counted != [fresh + stale, small, fixed].map(|count| count as u64) {
        return Err(format!("the counters say {counted:?}").into());
    }
    let questions = large + fresh + stale + small + fixed;
    say(&format!(
        "\nok: {questions} questions, {questions} answers: {large} by the large model, {fresh} from its cache and {stale} \
         stale, {small} by the small model, {fixed} fixed texts"
    ));
    Ok(())
}
