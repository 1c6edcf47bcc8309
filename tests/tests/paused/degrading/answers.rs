//! Degraded answers, hedging, limits and partitions through the attributes.

use resilience_runtime::{
    Answered, RejectionKind, answered_by, comprehensive_retry, graceful_degradation, registry,
    resilient_service, testing,
};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, ms, secs, slow};

async fn ask_mirror(_: &Script, mirror: &Script, _: &Script) -> Result<u32, Fault> {
    mirror.step().await
}

async fn ask_guess(_: &Script, _: &Script, guess: &Script, error: &Fault) -> Result<u32, Fault> {
    assert_eq!(error, &Fault::Down, "a fallback is told of the first error");
    guess.step().await
}

#[resilient_service(
    "answered",
    max_attempts = 2,
    base_delay = 0,
    redirect = ask_mirror,
    fallback = ask_guess,
    static_response = 4
)]
async fn answered(script: &Script, mirror: &Script, guess: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn sources_answer_in_their_order_after_all_retries() {
    testing::isolated(async {
        let file = "[services.answered.breaker]\nquiet_failures = 'off'\n";
        registry().load_config(file, "test.toml").unwrap_or_else(|error| panic!("{error}"));
        let down = || Script::new([Fail(Fault::Down)]);
        let wrong = || Script::new([Fail(Fault::Wrong)]);
        for (mirror, guess, answer) in [
            (Script::new([Answer(2)]), Script::new([Answer(3)]), (2, Answered::Redirect)),
            (wrong(), Script::new([Answer(3)]), (3, Answered::Fallback)),
            (wrong(), wrong(), (4, Answered::Static)),
        ] {
            let script = down();
            let (result, by) = answered_by(answered(&script, &mirror, &guess)).await;
            assert_eq!((result, by), (Ok(answer.0), answer.1));
            assert_eq!(script.asked().len(), 2, "both attempts come first");
        }
    })
    .await;
}

#[graceful_degradation("once", static_response = 9)]
async fn once(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_degraded_call_makes_one_attempt_without_time_limits_and_breaker() {
    testing::isolated(async {
        for _ in 0..50 {
            let script = Script::new([Fail(Fault::Down)]);
            assert_eq!(once(&script).await, Ok(9));
            assert_eq!(script.asked().len(), 1);
        }
        let script = Script::new([slow(3_600_000, Answer(1))]);
        assert_eq!(once(&script).await, Ok(1), "nobody wrote a time limit");
    })
    .await;
}

#[comprehensive_retry(
    "cached",
    max_attempts = 1,
    breaker = off,
    cache(key = id, ttl = "10s", stale_for = "5s")
)]
async fn cached(script: &Script, id: u32) -> Result<u32, Fault> {
    script.step().await.map(|answer| answer + id)
}

#[tokio::test(start_paused = true)]
async fn a_cache_answers_for_its_own_key_until_it_is_stale() {
    testing::isolated(async {
        let script = Script::new([Answer(100), Fail(Fault::Down)]);
        assert_eq!(cached(&script, 1).await, Ok(101));
        assert_eq!(cached(&script, 2).await, Err(Fault::Down), "another key");
        assert_eq!(cached(&script, 1).await, Ok(101));
        tokio::time::advance(secs(14)).await;
        let (result, by) = answered_by(cached(&script, 1)).await;
        assert_eq!((result, by), (Ok(101), Answered::Cache { stale: true }));
        tokio::time::advance(secs(2)).await;
        assert_eq!(cached(&script, 1).await, Err(Fault::Down));
    })
    .await;
}

#[comprehensive_retry(
    "parted",
    max_attempts = 1,
    breaker(consecutive_failures = 3, open_for = "1h", max_open_for = "1h"),
    partition = tenant.to_owned()
)]
async fn parted(script: &Script, tenant: &str) -> Result<u32, Fault> {
    assert!(!tenant.is_empty());
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_partition_has_a_breaker_of_its_own() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Down)]);
        for _ in 0..3 {
            assert_eq!(parted(&script, "a").await, Err(Fault::Down));
        }
        let rejected = parted(&script, "a").await;
        assert!(
            matches!(&rejected, Err(Fault::Rejected(rejection)) if rejection.kind() == RejectionKind::CircuitOpen),
            "{rejected:?}"
        );
        assert_eq!(parted(&script, "b").await, Err(Fault::Down), "another tenant is let through");
    })
    .await;
}

#[comprehensive_retry("hedged", idempotent = true, attempt_timeout = "10s", hedge(after = "1s", max = 1))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_copy_of_a_slow_attempt_may_win() {
    testing::isolated(async {
        let start = Instant::now();
        let script = Script::new([Hang, Answer(5)]);
        assert_eq!(hedged(&script).await, Ok(5));
        assert_eq!(script.asked(), [ms(0), ms(1000)]);
        assert_eq!(start.elapsed(), secs(1));
    })
    .await;
}

#[comprehensive_retry("narrow", max_attempts = 1, bulkhead(max_concurrent = 1, max_queue = 0))]
async fn narrow(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_rejects() {
    testing::isolated(async {
        let script = Script::new([slow(100, Answer(1))]);
        let (first, second) = tokio::join!(narrow(&script), narrow(&script));
        assert_eq!(first, Ok(1));
        assert!(
            matches!(&second, Err(Fault::Rejected(rejection)) if rejection.kind() == RejectionKind::BulkheadFull),
            "{second:?}"
        );
        assert_eq!(script.asked().len(), 1);
    })
    .await;
}

struct Client {
    script: Script,
}

#[resilient_service("block", max_attempts = 3, base_delay = 0, strategy = Fixed)]
impl Client {
    async fn ask(&self) -> Result<u32, Fault> {
        self.script.step().await
    }

    #[resilient_service(retry_enabled = false)]
    async fn ask_once(&self) -> Result<u32, Fault> {
        self.script.step().await
    }

    #[resilience(skip)]
    async fn ask_plainly(&self) -> Result<u32, Fault> {
        self.script.step().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_block_covers_its_methods() {
    testing::isolated(async {
        let client = || Client { script: Script::new([Fail(Fault::Down)]) };
        let (all, one, plain) = (client(), client(), client());
        assert_eq!(all.ask().await, Err(Fault::Down));
        assert_eq!(all.script.asked().len(), 3);
        assert_eq!(one.ask_once().await, Err(Fault::Down));
        assert_eq!(one.script.asked().len(), 1);
        assert_eq!(plain.ask_plainly().await, Err(Fault::Down));
        assert_eq!(plain.script.asked().len(), 1);
    })
    .await;
}
