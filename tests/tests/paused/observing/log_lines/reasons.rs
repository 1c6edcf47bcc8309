//! What the log says of the error that a call failed with, and of the rule that refused it another attempt.

use std::io;

use resilience_runtime::{Patch, Recovery, Resilient, call, comprehensive_retry, registry, testing};

use super::{Fault, Lines, SECRET, assert_has, classified, hanging, lines};

type Boxed = Box<dyn std::error::Error + Send + Sync>;

fn wrong() -> Fault {
    Fault::Wrong(SECRET.to_owned())
}

fn down() -> Fault {
    Fault::Down(SECRET.to_owned())
}

/// The log of something.
async fn log<T>(of: impl Future<Output = T>) -> Lines {
    let lines = Lines::default();
    let _listening = lines.listen();
    testing::isolated(async {
        let _ = of.await;
    })
    .await;
    assert!(lines.all().iter().all(|line| !line.contains(SECRET)), "{:#?}", lines.all());
    lines
}

#[comprehensive_retry("svc", max_attempts = 3, retry_on(Fault::Status(_)))]
async fn only_status() -> Result<u32, Fault> {
    Err(down())
}

#[comprehensive_retry("svc", max_attempts = 3, retry_if = is_status)]
async fn only_if_status() -> Result<u32, Fault> {
    Err(down())
}

fn is_status(fault: &Fault) -> bool {
    matches!(fault, Fault::Status(_))
}

#[comprehensive_retry("svc", max_attempts = 3, never_retry_on(Fault::Down(_)))]
async fn never_down() -> Result<u32, Fault> {
    Err(down())
}

#[comprehensive_retry("svc", max_attempts = 3, retryable_status_codes = [503])]
async fn only_503() -> Result<u32, Fault> {
    Err(Fault::Status(500))
}

#[comprehensive_retry("svc", max_attempts = 3, on_error = never)]
async fn by_hand() -> Result<u32, Fault> {
    Err(down())
}

fn never(_: &Fault) -> Recovery {
    Recovery::never()
}

#[comprehensive_retry("svc", max_attempts = 3)]
async fn boxed() -> Result<u32, Boxed> {
    Err(io::Error::new(io::ErrorKind::NotFound, SECRET).into())
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_retried_names_the_rule_that_refused() {
    let failed = async |lines: Lines| lines.one("call failed");
    for (told, rule) in [
        (failed(lines(only_status()).await).await, "retry_on"),
        (failed(lines(only_if_status()).await).await, "retry_if"),
        (failed(lines(never_down()).await).await, "never_retry_on"),
        (failed(lines(only_503()).await).await, "retryable_status_codes"),
        (failed(lines(by_hand()).await).await, "on_error"),
        (failed(lines(classified(wrong)).await).await, "classification"),
        (failed(log(boxed()).await).await, "source_chain"),
    ] {
        assert_has(&told, &["reason=not_retryable", &format!("decided_by={rule}"), "attempts=1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handle_names_its_rules_alike() {
    let handle = Resilient::service("svc").max_attempts(3).build();
    let body = || async { Err::<u32, _>(down()) };
    let by_list = log(handle.call(body).retry_if(is_status)).await.one("call failed");
    assert_has(&by_list, &["decided_by=retry_if", "class=Fault::Down"]);
    let never = log(handle.call(body).never_retry_if(|_| true)).await.one("call failed");
    assert_has(&never, &["decided_by=never_retry_if", "class=Fault::Down"]);
    let by_hand = log(handle.call_with(body, |_| Recovery::never())).await.one("call failed");
    assert_has(&by_hand, &["decided_by=on_error"]);
    assert!(by_hand.contains("Fault "), "its type: {by_hand}");
    let searched = log(call!(handle, || async { Err::<u32, _>(down()) })).await.one("call failed");
    assert_has(&searched, &["class=Fault::Down", "reason=attempts_exhausted"]);
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = 0)]
async fn text() -> Result<u32, String> {
    Err(SECRET.to_owned())
}

#[comprehensive_retry("svc", max_attempts = 2, base_delay = 0)]
async fn report() -> Result<u32, anyhow::Error> {
    Err(anyhow::Error::from(io::Error::new(io::ErrorKind::TimedOut, SECRET)).context(SECRET))
}

#[comprehensive_retry("outer", max_attempts = 2, base_delay = 0)]
async fn nested() -> Result<u32, Fault> {
    let _ = text().await;
    Err(Fault::Status(503))
}

#[tokio::test(start_paused = true)]
async fn the_class_of_an_error_is_its_variant_or_the_type_that_is_known() {
    for (log, class) in [
        (lines(classified(down)).await, "Fault::Down"),
        (lines(classified(|| Fault::Status(503))).await, "Fault::Status"),
        (log(text()).await, "alloc::string::String"),
        (log(report()).await, "std::io::error::Error"),
    ] {
        for message in ["retrying", "call failed"] {
            assert_has(&log.one(message), &[&format!("class={class}")]);
        }
    }
    let told = lines(classified(|| Fault::Status(503))).await.one("call failed");
    assert_has(&told, &["status=503", "reason=attempts_exhausted"]);
}

#[tokio::test(start_paused = true)]
async fn a_class_is_of_the_error_that_the_line_is_about() {
    let all = lines(nested()).await.all();
    let of_outer = |line: &&String| line.contains("service=outer ");
    let outer: Vec<_> = all.iter().filter(of_outer).collect();
    assert_eq!(outer.len(), 2, "{all:#?}");
    assert!(outer.iter().all(|line| line.contains(" class=Fault::Status ")), "{all:#?}");
    // A timeout has no error, whatever was classified before it on this thread.
    let timed_out = log(async {
        let _ = text().await;
        hanging().await
    })
    .await;
    let all = timed_out.all();
    let hung: Vec<_> = all.iter().filter(|line| line.contains("function=hanging ")).collect();
    assert_eq!(hung.len(), 2, "{all:#?}");
    assert!(hung.iter().all(|line| !line.contains("class=")), "{all:#?}");
}

#[comprehensive_retry("svc", max_attempts = Unlimited, base_delay = "1s", deadline = "3s", breaker = false)]
async fn unlimited() -> Result<u32, Fault> {
    Err(down())
}

#[tokio::test(start_paused = true)]
async fn the_attempts_of_how_many_are_those_that_may_be_made() {
    let all = lines(unlimited()).await.all();
    assert!(all.len() >= 2 && all.iter().all(|line| line.contains(" max_attempts=unlimited ")), "{all:#?}");

    let switched_off = log(async {
        let _ = classified(down).await;
        registry().update_service("svc", &Patch::new().retry_enabled(false)).expect("known");
        classified(down).await
    })
    .await;
    let all = switched_off.all();
    let last = all.iter().rfind(|line| line.contains("message=call failed ")).expect("it failed");
    assert_has(last, &["attempts=1", "max_attempts=1", "reason=attempts_exhausted"]);
}
