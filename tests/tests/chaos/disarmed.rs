//! Rules that end while attempts are under way: what these wait for and hang by ends with the rule, and nothing is injected later.

use std::fs;
use std::io::{self, ErrorKind};
use std::time::Duration;

use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{comprehensive_retry, load_config_from_file};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

#[comprehensive_retry("ended", max_attempts = 1, breaker = off, attempt_timeout = off, deadline = off)]
async fn ask(takes: Duration) -> Result<u64, io::Error> {
    sleep(takes).await;
    Ok(7)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A call whose body takes so long, one second after its begin.
async fn begun(takes: Duration) -> JoinHandle<io::Result<u64>> {
    let call = tokio::spawn(testing::inherit(ask(takes)));
    sleep(secs(1)).await;
    assert!(!call.is_finished());
    call
}

/// How long such a call takes from now on, and what it gives.
async fn ends(call: JoinHandle<io::Result<u64>>) -> (Duration, Result<u64, ErrorKind>) {
    let began = Instant::now();
    let end = tokio::time::timeout(secs(100_000), call).await.expect("it ends by itself");
    (began.elapsed(), end.expect("it ends").map_err(|error| error.kind()))
}

#[tokio::test(start_paused = true)]
async fn what_waits_goes_on_at_once_and_meets_nothing_more() {
    testing::isolated(async {
        let late = chaos::rule("ended").latency("10s").arm();
        let call = begun(Duration::ZERO).await;
        drop(late);
        assert_eq!(ends(call).await, (Duration::ZERO, Ok(7)), "a delay");

        let late = chaos::rule("ended").latency("10s").io_error(ErrorKind::TimedOut).arm();
        let call = begun(Duration::ZERO).await;
        assert_eq!(late.injected(), 0);
        drop(late);
        assert_eq!(ends(call).await, (Duration::ZERO, Ok(7)), "a delay before an error");

        let wrong = chaos::rule("ended").change_ok(|answer: &mut u64| *answer = 0).arm();
        let call = begun(secs(3)).await;
        drop(wrong);
        assert_eq!(ends(call).await, (secs(2), Ok(7)), "a body under way");

        // What another rule holds stays.
        let short = chaos::rule("ended").latency("5s").arm();
        let long = chaos::rule("ended").latency("1h").arm();
        let call = begun(Duration::ZERO).await;
        drop(long);
        assert_eq!(ends(call).await, (secs(4), Ok(7)), "two delays");
        drop(short);

        // Of an expiry nobody tells an attempt that waits.
        let _late =
            chaos::rule("ended").latency("1h").io_error(ErrorKind::TimedOut).expires_after("5s").arm();
        let call = begun(Duration::ZERO).await;
        assert_eq!(ends(call).await, (secs(4), Ok(7)), "a rule that expires");

        let script = testing::script("ended").delay("1h");
        let call = begun(Duration::ZERO).await;
        script.stop();
        assert_eq!(ends(call).await, (Duration::ZERO, Ok(7)), "a script");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_goes_on_when_its_rule_does_not_act_any_more() {
    testing::isolated(async {
        let _once = chaos::rule("ended").named("same").hang().after("2s").lasting("5s").arm();
        sleep(secs(3)).await;
        assert_eq!(ends(begun(Duration::ZERO).await).await, (secs(3), Ok(7)), "once");

        let _pulse = chaos::rule("ended").named("same").hang().lasting("5s").every("60s").arm();
        sleep(secs(62)).await;
        assert_eq!(ends(begun(Duration::ZERO).await).await, (secs(2), Ok(7)), "each time");

        let _gapless = chaos::rule("ended").named("same").hang().lasting("5s").every("5s").arm();
        let call = begun(Duration::ZERO).await;
        sleep(secs(3_600)).await;
        assert!(!call.is_finished(), "it never ceases to act");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_by_a_file_goes_on_when_the_file_has_the_rule_no_more() {
    testing::isolated(async {
        chaos::allow();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("resilience.toml");
        let load = |text: &str| {
            fs::write(&path, text).expect("it is written");
            load_config_from_file(&path).expect("it is valid");
        };
        let rule = "[chaos.hang]\ntarget = \"ended\"\nhang = true\ncount = 1\n";
        load(rule);
        let call = begun(Duration::ZERO).await;
        assert!(chaos::rules().is_empty(), "it is used up");
        load(&format!("{rule}[services.ended]\nmax_attempts = 2\n"));
        sleep(secs(60)).await;
        assert!(!call.is_finished(), "the file has it still");
        load("");
        assert_eq!(ends(call).await, (Duration::ZERO, Ok(7)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_a_rule_ends_by_itself_is_told() {
    testing::isolated(async {
        for (rule, ends_in) in [
            (chaos::rule("ended").hang(), None),
            (chaos::rule("ended").hang().expires_after("1m"), Some(60)),
            (chaos::rule("ended").hang().after("5s").lasting("10s"), Some(15)),
            (chaos::rule("ended").hang().lasting("1h").expires_after("1m"), Some(60)),
            (chaos::rule("ended").hang().lasting("10s").every("1m"), None),
        ] {
            let _armed = rule.arm();
            let told = chaos::rules()[0].ends_in_us.map(|micros| micros / 1_000_000);
            assert_eq!(told, ends_in, "{:?}", chaos::rules());
        }
    })
    .await;
}
