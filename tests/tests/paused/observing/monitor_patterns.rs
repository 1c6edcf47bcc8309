//! What `monitor()` says that failures of a service have in common.

use resilience_runtime::monitor::snapshot::ErrorPattern;
use resilience_runtime::{Classify, Rejection, comprehensive_retry, monitor, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, ask, call, configure, ms, secs, service};

const SECRET: &str = "hunter2";

/// Settings under which nothing opens by itself and retries are at once.
const CALM: &str =
    "max_attempts = 1\nbase_delay = 0.0\ncircuit_breaker_enabled = false\nretry_budget_enabled = false";

/// What, status, outcome, calls, attempts.
type Row = (String, Option<u16>, &'static str, u64, u64);

fn rows() -> Vec<Row> {
    let patterns: Vec<_> =
        monitor().error_patterns("svc").expect("it is named").into_iter().map(row).collect();
    let shown = monitor().service("svc").expect("it is named").error_patterns;
    assert_eq!(patterns, shown.into_iter().map(row).collect::<Vec<_>>());
    patterns
}

fn row(one: ErrorPattern) -> Row {
    (one.what, one.status, one.outcome, one.count, one.attempts)
}

fn expected(what: &str, status: Option<u16>, outcome: &'static str, calls: u64, attempts: u64) -> Row {
    (what.to_owned(), status, outcome, calls, attempts)
}

#[tokio::test(start_paused = true)]
async fn failures_are_told_by_variant_and_status_with_calls_and_attempts() {
    testing::isolated(async {
        configure(&CALM.replace("max_attempts = 1", "max_attempts = 3"));
        let _ = ask(Answer(1)).await;
        assert_eq!(rows(), []);
        assert!(monitor().error_patterns("nobody_knows_it").is_none());
        // Two of three attempts fail, and three of three.
        assert_eq!(call(&Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(1)])).await, Ok(1));
        let _ = ask(Fail(Fault::Down)).await;
        for status in [503, 503, 404] {
            let _ = ask(Fail(Fault::Status(status))).await;
        }
        let _ = ask(Fail(Fault::Ours)).await;
        assert_eq!(
            rows(),
            [
                expected("Fault::Status", Some(503), "retryable", 2, 6),
                expected("Fault::Down", None, "retryable", 1, 5),
                expected("Fault::Ours", None, "local", 1, 1),
                expected("Fault::Status", Some(404), "never", 1, 1),
            ]
        );
        let attempts: u64 = rows().iter().map(|(.., attempts)| attempts).sum();
        assert_eq!(attempts, service().stats().attempts_ended() - 2, "as the counters say");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_has_a_pattern_and_one_that_is_turned_away_has_none() {
    testing::isolated(async {
        configure(&format!("{CALM}\nattempt_timeout = '1s'"));
        let _ = ask(Hang).await;
        service().force_open();
        configure(&CALM.replace("circuit_breaker_enabled = false", ""));
        let _ = ask(Fail(Fault::Down)).await;
        assert_eq!(rows(), [expected("timed_out", None, "timed_out", 1, 1)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_pattern_goes_after_ten_minutes_and_says_when_it_occurred_last() {
    testing::isolated(async {
        configure(CALM);
        let _ = ask(Fail(Fault::Down)).await;
        sleep(secs(300)).await;
        let _ = ask(Fail(Fault::Wrong)).await;
        let all = monitor().error_patterns("svc").expect("it is named");
        let at = |what: &str| all.iter().find(|one| one.what == what).expect("it occurred").last_at_ms;
        assert!((299_000..=301_000).contains(&(at("Fault::Wrong") - at("Fault::Down"))), "{all:?}");
        sleep(secs(301)).await;
        assert_eq!(rows(), [expected("Fault::Wrong", None, "never", 1, 1)]);
        sleep(secs(300)).await;
        assert_eq!(rows(), []);
        let _ = ask(Fail(Fault::Down)).await;
        assert_eq!(rows(), [expected("Fault::Down", None, "retryable", 1, 1)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn sorts_without_end_share_what_is_left() {
    testing::isolated(async {
        configure(CALM);
        for status in 500..600 {
            let _ = ask(Fail(Fault::Status(status))).await;
        }
        let rows = rows();
        assert_eq!(rows.len(), 65);
        assert_eq!(rows[64], expected("other", None, "never", 36, 36));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_counted_has_no_patterns() {
    testing::isolated(async {
        let text = format!("[global]\nenable_global_metrics = false\n[services.svc]\n{CALM}\n");
        resilience_runtime::registry().load_config(&text, "test.toml").expect("it is right");
        let _ = ask(Fail(Fault::Down)).await;
        assert_eq!(rows(), []);
    })
    .await;
}

/// Errors of which nothing but their type is known.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Opaque(String);

impl From<Rejection> for Opaque {
    fn from(rejection: Rejection) -> Self {
        Self(rejection.to_string())
    }
}

#[comprehensive_retry("svc", max_attempts = 1)]
async fn opaque(script: &Script) -> Result<u32, Opaque> {
    script.step().await.map_err(|fault| Opaque(format!("{fault} {SECRET}")))
}

/// Classified by variants, with data.
#[derive(Debug, thiserror::Error, Classify)]
enum Told {
    #[error("{0}")]
    #[never]
    Declined(String),
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

#[comprehensive_retry("svc", max_attempts = 1)]
async fn told(_script: &Script) -> Result<u32, Told> {
    Err(Told::Declined(SECRET.to_owned()))
}

#[comprehensive_retry("svc", max_attempts = 1)]
async fn known(_script: &Script) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    Err(Box::new(std::io::Error::new(std::io::ErrorKind::NotFound, SECRET)))
}

/// An `Ok` that is none.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape of a predicate")]
fn is_seven(value: &u32) -> bool {
    *value == 7
}

#[comprehensive_retry("svc", retry_if_ok = is_seven)]
async fn unwanted(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_type_is_named_where_there_are_no_variants_and_no_text_ever() {
    testing::isolated(async {
        configure(CALM);
        let script = Script::new([Fail(Fault::Down)]);
        let _ = opaque(&script).await;
        let _ = told(&script).await;
        let _ = known(&script).await;
        let _ = unwanted(&Script::new([Answer(7)])).await;
        let patterns = format!("{:?}", monitor().error_patterns("svc"));
        assert!(!patterns.contains(SECRET), "{patterns}");
        let mut names: Vec<_> = rows().into_iter().map(|(what, ..)| what).collect();
        names.sort();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.iter().any(|name| name == "Told::Declined"), "{names:?}");
        assert!(names.iter().any(|name| name.ends_with("::Opaque")), "{names:?}");
        assert!(
            names.iter().any(|name| name == "std::io::error::Error" || name == "std::io::Error"),
            "{names:?}"
        );
        assert!(names.iter().any(|name| name == "unwanted_ok"), "{names:?}");
    })
    .await;
}

/// Copies of an attempt fail one by one.
#[comprehensive_retry("svc", max_attempts = 1, idempotent = true, hedge(after = "10ms", max = 2))]
async fn copied(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn each_copy_of_an_attempt_has_its_pattern() {
    testing::isolated(async {
        configure(&CALM.replace("max_attempts = 1\n", ""));
        let slow = |step| Step::After(ms(100), Box::new(step));
        let script = Script::new([
            slow(Fail(Fault::Down)),
            slow(Fail(Fault::Refused)),
            slow(Fail(Fault::Status(503))),
        ]);
        let _ = copied(&script).await;
        let mut rows = rows();
        rows.sort();
        assert_eq!(
            rows,
            [
                expected("Fault::Down", None, "retryable", 0, 1),
                expected("Fault::Refused", None, "retryable", 0, 1),
                expected("Fault::Status", Some(503), "retryable", 1, 1),
            ]
        );
    })
    .await;
}
