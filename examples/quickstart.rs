//! The main job in one program: annotated functions against a flaky HTTP server, and a TOML file that
//! changes while it runs. Needs nothing but the loopback interface, and ends by itself within 20 seconds.

use std::error::Error;
use std::time::Duration;

use examples::Act::{Answer, Hang, Reset, Status, TooBusy};
use examples::{FlakyServer, narrate, say};
use reqwest::Client;
use reqwest::header::RETRY_AFTER;
use resilience_runtime::classify::parse_retry_after;
use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{
    Classify, Ending, Rejection, RejectionKind, comprehensive_retry, registry, retry_http_api,
    watch_config_file,
};

/// All that can go wrong, and what each says about trying again.
#[derive(Debug, thiserror::Error, Classify)]
enum ApiError {
    #[error("the server answered {0}")]
    #[status(0)]
    Status(u16),
    #[error("the server is too busy")]
    #[throttled(after = retry_after)]
    TooBusy { retry_after: Option<Duration> },
    #[error("no answer: {0}")]
    #[transparent]
    Transport(#[from] reqwest::Error),
    /// The calls that never came to an answer end here: the breaker was open, or time ran out.
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

async fn get(client: &Client, url: &str) -> Result<String, ApiError> {
    let response = client.get(url).send().await?;
    match response.status().as_u16() {
        200 => Ok(response.text().await?),
        429 => {
            let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            Err(ApiError::TooBusy { retry_after: wait.and_then(|wait| parse_retry_after(wait, None)) })
        }
        status => Err(ApiError::Status(status)),
    }
}

#[comprehensive_retry(
    service = "claude_api",
    kind = AiService,
    max_attempts = 6,
    base_delay = "100ms",
    max_delay = "2s",
    attempt_timeout = "400ms",
    deadline = "15s"
)]
async fn ask(client: &Client, url: &str) -> Result<String, ApiError> {
    get(client, url).await
}

#[retry_http_api(
    "reports",
    max_attempts = 4,
    base_delay = "0s",
    breaker = off,
    budget(burst_capacity = 5, ratio = 0.1, min_per_second = 0)
)]
async fn report(client: &Client, url: &str) -> Result<String, ApiError> {
    get(client, url).await
}

#[retry_http_api(
    "billing",
    max_attempts = 1,
    breaker(consecutive_failures = 3, open_for = "1s", success_threshold = 2)
)]
async fn bill(client: &Client, url: &str) -> Result<String, ApiError> {
    get(client, url).await
}

// No numbers here: they come from the file. The breaker would end the outage that is shown.
#[retry_http_api("search", breaker = off)]
async fn search(client: &Client, url: &str) -> Result<String, ApiError> {
    get(client, url).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    narrate();
    let server = FlakyServer::start().await?;
    let client = Client::new();
    let shown = [
        retries(&server, &client).await?,
        budget(&server, &client).await?,
        breaker(&server, &client).await?,
        reload(&server, &client).await?,
    ];
    say(&format!("\nok: {} things shown: {}", shown.len(), shown.join(", ")));
    Ok(())
}

fn check(holds: bool, what: &str) -> Result<(), Box<dyn Error>> {
    if holds { Ok(()) } else { Err(format!("expected {what}").into()) }
}

async fn retries(server: &FlakyServer, client: &Client) -> Result<&'static str, Box<dyn Error>> {
    say("1. Retries: the server answers 503, then 429 with Retry-After, resets, hangs, and at last answers.");
    server.script("/ask", &[Status(503), TooBusy(1), Reset, Hang, Answer("42")]);
    let answer = ask(client, &server.url("/ask")).await?;
    say(&format!("   => {answer:?} after {} requests\n", server.requests("/ask")));
    check(answer == "42" && server.requests("/ask") == 5, "an answer after five requests")?;
    Ok("retries that obey Retry-After")
}

async fn budget(server: &FlakyServer, client: &Client) -> Result<&'static str, Box<dyn Error>> {
    say("2. Budget: 40 calls meet an outage. Each may try four times, which would be 160 requests.");
    server.script("/report", &[Status(503)]);
    for _ in 0..40 {
        if report(client, &server.url("/report")).await.is_ok() {
            return Err("the outage answered".into());
        }
    }
    let stopped = registry().service("reports").map_or(0, |it| it.stats().endings(Ending::BudgetExhausted));
    let requests = server.requests("/report");
    say(&format!("   => {requests} requests; the empty budget ended {stopped} calls early\n"));
    // 40 first tries, 5 tokens at the start, a tenth of a token for each call.
    check(requests <= 40 + 5 + 4 && stopped > 0, "at most 49 requests")?;
    Ok("a budget that stops a retry storm")
}

async fn breaker(server: &FlakyServer, client: &Client) -> Result<&'static str, Box<dyn Error>> {
    say("3. Breaker: three failures in a row open it; after a break it lets trials through and closes.");
    server.script("/bill", &[Status(500), Status(500), Status(500), Answer("paid")]);
    let url = server.url("/bill");
    for _ in 0..6 {
        match bill(client, &url).await {
            Err(ApiError::Rejected(no)) if no.kind() == RejectionKind::CircuitOpen => {
                say(&format!("   rejected at once: {no}"));
            }
            Err(error) => say(&format!("   failed: {error}")),
            Ok(answer) => return Err(format!("answered {answer:?} too early").into()),
        }
    }
    check(server.requests("/bill") == 3, "no request while the breaker is open")?;
    say("   … the break passes");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    for _ in 0..2 {
        say(&format!("   trial: {:?}", bill(client, &url).await?));
    }
    let service = registry().service("billing").ok_or("no service `billing`")?;
    say(&format!("   => the breaker is {}\n", service.breaker_state()));
    check(!service.breaker_state().is_open(), "a closed breaker")?;
    check(service.stats().calls(CallOutcome::Rejected(RejectionKind::CircuitOpen)) == 3, "three rejections")?;
    Ok("a breaker that opens, half-opens and closes")
}

async fn reload(server: &FlakyServer, client: &Client) -> Result<&'static str, Box<dyn Error>> {
    say("4. Live settings: the TOML file changes on disk while the program runs.");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("resilience.toml");
    let settings = |attempts: u32| {
        format!(
            "[services.search]\nmax_attempts = {attempts}\nbase_delay = \"10ms\"\n\n[services.search.budget]\nburst_capacity = 100\n"
        )
    };
    std::fs::write(&path, settings(2))?;
    let _watch = watch_config_file(&path)?;
    let mut requests = [0; 3];
    for (round, text) in
        [settings(2), "[services.search]\nmax_atempts = 9\n".to_owned(), settings(5)].iter().enumerate()
    {
        if round > 0 {
            say(&format!("   the file now says: {}", text.lines().nth(1).unwrap_or_default()));
            let before = reloads();
            std::fs::write(&path, text)?;
            wait_for_reload(before).await;
        }
        server.script("/search", &[Status(503)]);
        let _ = search(client, &server.url("/search")).await;
        requests[round] = server.requests("/search");
        say(&format!("   => {} requests", requests[round]));
    }
    check(requests == [2, 2, 5], "two requests, the same with the faulty file, then five")?;
    Ok("a live reload, and a faulty file that changes nothing")
}

/// How many configurations were taken or refused so far.
fn reloads() -> u64 {
    let reloads = registry().reloads();
    reloads.applied + reloads.refused
}

async fn wait_for_reload(before: u64) {
    for _ in 0..100 {
        if reloads() > before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
