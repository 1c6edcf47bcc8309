//! Nothing that a program hands through its calls is to be found in what it tells of them, and a name stays a name, whatever
//! it is made of. A process of its own, as its log is that of all threads.

mod log;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::future::Future;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::{
    Classify, Rejection, Resilient, ServiceKind, comprehensive_retry, monitor, registry, resilient_call,
};

/// Each ends in what is looked for.
const ARGUMENT: &str = "argument-hunter2";
const RESULT: &str = "result-hunter2";
const ERROR: &str = "error-hunter2";
const KEY: &str = "cache-key-hunter2";
const PARTITION: &str = "partition-hunter2";
const URL: &str = "http://user:url-hunter2@127.0.0.1:1/url-hunter2?token=url-hunter2";
const STAND_IN: &str = "stand-in-hunter2";
const PANIC: &str = "panic-hunter2";
const SECRET: &str = "hunter2";

const NAMES: &[&str] = &[
    "quote\" and 'apostrophe'",
    "two\nlines ERROR forged",
    "esc\u{1b}[31mred",
    "right\u{202e}to left",
    "<script>alert(1)</script>",
    "back\\slash {} %n",
];

#[derive(Clone, Debug, thiserror::Error, Classify)]
enum Fault {
    #[error("down: {0}")]
    #[retry]
    Down(String),
    #[error("wrong: {text} at {url}")]
    #[never]
    Wrong { text: String, url: String },
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// Fails in every way that its argument asks for.
#[comprehensive_retry(
    "planted",
    max_attempts = 3,
    base_delay = "1ms",
    partition = PARTITION,
    cache(key = (KEY.to_owned(), argument.to_owned()), ttl = "10ms", stale_for = "20ms"),
    bulkhead(max_concurrent = 1, max_queue = 1, max_wait = "1ms"),
    breaker(consecutive_failures = 4, open_for = "50ms"),
    fallback = |argument: &str, how: u32| stand_in(argument, how)
)]
async fn planted(argument: &str, how: u32) -> Result<String, Fault> {
    assert!(how != 9, "{PANIC}: {argument}");
    match how {
        0 => Ok(format!("{RESULT} {argument}")),
        1 | 2 => Err(Fault::Down(format!("{ERROR} {argument}"))),
        3 => std::future::pending().await,
        _ => Err(Fault::Wrong { text: ERROR.to_owned(), url: URL.to_owned() }),
    }
}

fn stand_in(_: &str, how: u32) -> Result<String, Fault> {
    if how == 1 { Ok(STAND_IN.to_owned()) } else { Err(Fault::Down(STAND_IN.to_owned())) }
}

#[comprehensive_retry("planted_url", max_attempts = 2, base_delay = "1ms")]
async fn ask(
    client: &reqwest::Client,
    url: &str,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(client.get(url).send().await?.text().await?)
}

/// Whether it panicked; the future is polled within.
async fn panics(future: impl Future<Output = Result<String, Fault>>) -> bool {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(_)) => Poll::Ready(false),
            Err(_) => Poll::Ready(true),
        }
    })
    .await
}

fn get(address: SocketAddr, path: &str, accept: &str, bytes: Option<usize>) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let request = format!(
        "GET {path} HTTP/1.0\r\nhost: {address}\r\naccept: {accept}\r\nauthorization: Bearer t\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    match bytes {
        None => drop(stream.read_to_end(&mut answer).expect("an answer")),
        Some(bytes) => {
            let mut part = [0; 4096];
            while answer.len() < bytes {
                let read = stream.read(&mut part).expect("more of the stream");
                answer.extend_from_slice(&part[..read]);
            }
        }
    }
    String::from_utf8(answer).expect("text")
}

fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

/// All that the program tells, by where.
fn told(server: &Server) -> HashMap<String, String> {
    let address = server.address();
    let mut told = HashMap::new();
    for path in
        ["/", "/page.js", "/page.css", "/metrics", "/health", "/ready", "/api/dashboard", "/api/session"]
    {
        told.insert(path.to_owned(), get(address, path, "*/*", None));
    }
    told.insert("open".to_owned(), get(address, "/metrics", "application/openmetrics-text", None));
    told.insert("stream".to_owned(), get(address, "/api/events", "text/event-stream", Some(20_000)));
    for service in monitor().dashboard_data().services {
        let path = format!("/api/services/{}", encoded(&service.name));
        let answer = get(address, &path, "*/*", None);
        assert!(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"), "{answer}");
        told.insert(path, answer);
    }
    told.insert("data".to_owned(), format!("{:?}", monitor().dashboard_data()));
    told.insert("events".to_owned(), format!("{:?}", monitor().events()));
    told.insert("rendered".to_owned(), render(&monitor().dashboard_data(), Format::Text));
    let explained = registry().explain("planted").expect("known").to_string();
    told.insert("explained".to_owned(), explained);
    told.insert("log".to_owned(), log::lines().join("\n"));
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_planted_in_calls_is_found_nowhere_and_names_stay_names() {
    tracing::subscriber::set_global_default(log::Lines).expect("the first");
    let server = ServerBuilder::new().token("t").start().expect("a free port");
    let _monitoring = monitor().start();

    let arguments: Vec<String> = (0..40).map(|number| format!("{ARGUMENT}-{number}")).collect();
    for (argument, how) in arguments.iter().zip([0, 1, 4, 2, 0, 1, 2, 4, 1, 2].into_iter().cycle()) {
        let _ = planted(argument, how).await;
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    let mut hung = Vec::new();
    for argument in &arguments[..4] {
        let call = tokio::time::timeout(Duration::from_millis(20), planted(argument, 3));
        hung.push(call);
    }
    for outcome in futures_of(hung).await {
        assert!(outcome, "none of them has an answer");
    }
    tokio::time::sleep(Duration::from_millis(120)).await;
    std::panic::set_hook(Box::new(|_| {}));
    let _ = panics(planted(ARGUMENT, 9)).await;
    drop(std::panic::take_hook());
    let client = reqwest::Client::new();
    ask(&client, URL).await.expect_err("nobody listens there");
    let handle = Resilient::service("planted_handle").kind(ServiceKind::HttpApi).max_attempts(2).build();
    for _ in 0..8 {
        let call = handle.call(|| async { Err::<(), _>(Fault::Down(ERROR.to_owned())) });
        let _ = call.partition(PARTITION).await;
    }
    let _ = resilient_call("planted_short", ServiceKind::Cache, || async { Err::<(), _>(ERROR.to_owned()) })
        .await;

    for name in NAMES {
        let handle = Resilient::service(*name).kind(ServiceKind::HttpApi).max_attempts(2).build();
        for _ in 0..8 {
            let _ = handle.call(|| async { Err::<(), _>(Fault::Down(ERROR.to_owned())) }).await;
        }
        let service = registry().service(name).expect("called");
        service.force_open();
        service.reset_breaker();
    }
    tokio::time::sleep(Duration::from_millis(50)).await;

    let told = tokio::task::spawn_blocking(move || told(&server)).await.expect("it can be asked");
    assert!(told["/metrics"].contains("dependency=\"planted\"") && told["log"].contains("planted"));
    for (place, text) in &told {
        let found =
            text.find(SECRET).map(|at| text[..at + SECRET.len()].chars().rev().take(200).collect::<String>());
        assert_eq!(found, None, "backwards, in {place}");
    }
    names_stay_names(&told);
}

/// Runs all of them at once; whether each has run out of time.
async fn futures_of<F, T>(futures: Vec<F>) -> Vec<bool>
where
    F: Future<Output = Result<Result<T, Fault>, tokio::time::error::Elapsed>>,
{
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut outcomes: Vec<Option<bool>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(move |cx| {
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let Poll::Ready(ended) = future.as_mut().poll(cx)
            {
                *outcome = Some(!matches!(ended, Ok(Ok(_))));
            }
        }
        let all: Option<Vec<bool>> = outcomes.iter().copied().collect();
        all.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

fn names_stay_names(told: &HashMap<String, String>) {
    let body = |place: &str| told[place].split_once("\r\n\r\n").expect("a body").1;
    let json: serde_json::Value = serde_json::from_str(body("/api/dashboard")).expect("JSON");
    let known: Vec<_> = json["services"]
        .as_array()
        .expect("services")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    for name in NAMES {
        assert!(known.contains(name), "{name:?} in {known:?}");
        assert!(!body("/").contains(name) && !body("/page.js").contains(name));
    }
    let is_odd = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    for place in ["/metrics", "open", "rendered", "log"] {
        let text = told[place].rsplit_once("\r\n\r\n").map_or(told[place].as_str(), |(_, body)| body);
        assert!(!text.contains(is_odd), "{place}");
        assert!(
            text.contains("two\\\\nlines ERROR forged") || text.contains("two\\nlines ERROR forged"),
            "{place}"
        );
        assert!(!text.lines().any(|line| line.starts_with("lines ERROR")), "{place}");
    }
}
