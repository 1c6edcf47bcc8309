//! Nothing that a program hands through its calls is to be found in what it tells of them, and a name stays a name, whatever
//! it is made of. A process of its own, as its log is that of all threads.

mod log;
#[cfg(feature = "otel")]
mod otel;
mod planted;
mod told;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::future::Future;
use std::task::Poll;
use std::time::Duration;

use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::{Resilient, ServiceKind, monitor, registry, resilient_call};

use log::Lines;
use planted::{ARGUMENT, ERROR, Fault, PARTITION, SECRET, URL, WRITE_KEY, ask, panics, planted, write};
use told::told;

const NAMES: &[&str] = &[
    "quote\" and 'apostrophe'",
    "two\nlines ERROR forged",
    "esc\u{1b}[31mred",
    "right\u{202e}to left",
    "<script>alert(1)</script>",
    "back\\slash {} %n",
];

/// Plants secrets in calls of all sorts, well and ill.
async fn make_calls() {
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
    make_writes().await;
}

/// The same in calls with keys: run, replayed, refused for another request and for one under way.
async fn make_writes() {
    let later = async |how| {
        tokio::time::sleep(Duration::from_millis(2)).await;
        write(WRITE_KEY, ARGUMENT, how).await
    };
    let slow = tokio::time::timeout(Duration::from_millis(20), write(WRITE_KEY, ARGUMENT, 3));
    let _ = tokio::join!(slow, later(3));
    for (number, how) in [0, 0, 1, 2, 4, 0].into_iter().enumerate() {
        let key = format!("{WRITE_KEY}-{}", number / 2);
        let _ = write(&key, ARGUMENT, how).await;
    }
    let _ = write("", ARGUMENT, 0).await;
    #[cfg(all(feature = "json", feature = "redis"))]
    {
        use resilience_runtime::store::RedisIdempotencyProvider;

        let store = RedisIdempotencyProvider::new(planted::STORE_URL).expect("a URL");
        for how in [0, 1, 4] {
            let _ = planted::write_elsewhere(&store, WRITE_KEY, ARGUMENT, how).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_planted_in_calls_is_found_nowhere_and_names_stay_names() {
    tracing::subscriber::set_global_default(Lines).expect("the first");
    let server = ServerBuilder::new().token("t").start().expect("a free port");
    let _monitoring = monitor().start();
    let mut events = monitor().subscribe();
    let mut heard = String::new();

    for spans in [false, true] {
        let text = format!("[global]\ntracing_spans = {spans}\n");
        registry().load_config(&text, "secrets.toml").expect("accepted");
        make_calls().await;
        // No service tells of more than a hundred calls in a second.
        write!(heard, "{:?} {:?}", events.read(), events.read_calls()).expect("a text");
    }
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

    write!(heard, "{:?} {:?}", events.read(), events.read_calls()).expect("a text");
    let mut told = tokio::task::spawn_blocking(move || told(&server)).await.expect("it can be asked");
    told.insert("heard".to_owned(), heard);
    // All of it is there to be looked at.
    for (place, what) in [
        ("/metrics", "dependency=\"planted\""),
        ("/metrics", "dependency=\"planted_write\""),
        ("log", "planted"),
        ("log", "span resilience.attempt"),
        ("heard", "planted"),
        ("heard", "planted_write"),
        #[cfg(feature = "otel")]
        ("otel", "dependency=planted_write"),
    ] {
        assert!(told[place].contains(what), "{what} in {place}");
    }
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
