//! The cache of a function, in both modes.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{Answered, Source, answered_by, comprehensive_retry, testing};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, secs, service, slow, stats};

#[comprehensive_retry("svc", cache(key = key), static_response = 99)]
async fn cached(key: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

async fn ask(key: u32, step: Step) -> (Result<u32, Fault>, Answered) {
    answered_by(cached(key, &Script::new([step]))).await
}

const FRESH: Answered = Answered::Cache { stale: false };
const STALE: Answered = Answered::Cache { stale: true };

#[tokio::test(start_paused = true)]
async fn calls_with_different_keys_have_different_answers() {
    testing::isolated(async {
        configure("max_attempts = 1");
        for key in 0..3 {
            assert_eq!(ask(key, Answer(key + 10)).await, (Ok(key + 10), Answered::Call));
        }
        for key in 0..3 {
            assert_eq!(ask(key, Fail(Fault::Down)).await, (Ok(key + 10), FRESH));
        }
        assert_eq!(ask(9, Fail(Fault::Down)).await, (Ok(99), Answered::Static), "after the cache");
        assert_eq!(stats().fallbacks(Source::Cache), 3);
        assert_eq!(stats().calls(CallOutcome::Error), 4, "the counters show the calls as they went");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn on_failure_the_call_is_made_and_an_answer_is_served_until_it_is_too_old() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = 'off'\ncache = { ttl = '10s', stale_for = '20s' }");
        assert_eq!(ask(1, Answer(1)).await, (Ok(1), Answered::Call));
        assert_eq!(
            ask(1, Answer(2)).await,
            (Ok(2), Answered::Call),
            "a fresh answer is not used while the service answers"
        );
        for (wait, expected) in
            [(9, (Ok(2), FRESH)), (2, (Ok(2), STALE)), (18, (Ok(2), STALE)), (2, (Ok(99), Answered::Static))]
        {
            tokio::time::sleep(secs(wait)).await;
            assert_eq!(ask(1, Fail(Fault::Down)).await, expected);
        }
        // Only the function's own answers are stored.
        assert_eq!(ask(1, Fail(Fault::Down)).await, (Ok(99), Answered::Static));
    })
    .await;
}

const READ_THROUGH: &str =
    "max_attempts = 1\nbreaker = 'off'\ncache = { mode = 'read_through', ttl = '10s', stale_for = '20s' }";

#[tokio::test(start_paused = true)]
async fn read_through_answers_before_the_call() {
    testing::isolated(async {
        configure(READ_THROUGH);
        let script = Script::new([Answer(1), Answer(2), Answer(3)]);
        for expected in [(Ok(1), Answered::Call), (Ok(1), FRESH), (Ok(1), FRESH)] {
            assert_eq!(answered_by(cached(1, &script)).await, expected);
        }
        assert_eq!((script.asked().len(), stats().cache_hits()), (1, 2));
        assert_eq!(stats().calls(CallOutcome::Success), 3);
        // Expired, it is fetched again.
        tokio::time::sleep(secs(31)).await;
        assert_eq!(answered_by(cached(1, &script)).await, (Ok(2), Answered::Call));
        // An open breaker does not affect stored answers.
        service().force_open();
        assert_eq!(answered_by(cached(1, &script)).await, (Ok(2), FRESH));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn while_one_fetches_the_others_get_the_stale_answer() {
    testing::isolated(async {
        configure(READ_THROUGH);
        assert_eq!(ask(1, Answer(1)).await, (Ok(1), Answered::Call));
        tokio::time::sleep(secs(11)).await;
        let start = Instant::now();
        let (fetching, (other, after)) =
            tokio::join!(ask(1, slow(500, Answer(2))), async { (ask(1, Answer(3)).await, start.elapsed()) });
        assert_eq!(fetching, (Ok(2), Answered::Call));
        assert_eq!((other, after), ((Ok(1), STALE), ms(0)));
        assert_eq!(ask(1, Answer(4)).await, (Ok(2), FRESH));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_of_one_key_make_one_call() {
    testing::isolated(async {
        configure(READ_THROUGH);
        let script = Script::new([slow(100, Answer(7))]);
        let start = Instant::now();
        let outcomes = futures::future::join_all((0..1_000).map(|_| cached(1, &script))).await;
        assert!(outcomes.iter().all(|outcome| *outcome == Ok(7)));
        assert_eq!((script.asked().len(), start.elapsed()), (1, ms(100)));
        assert_eq!((stats().calls(CallOutcome::Success), stats().cache_hits()), (1_000, 999));
        // Other keys do not wait for one another.
        let others = futures::future::join_all((10..20).map(|key| cached(key, &script))).await;
        assert_eq!((others.len(), script.asked().len(), start.elapsed()), (10, 11, ms(200)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_the_one_that_fetches_is_dropped_another_takes_over() {
    testing::isolated(async {
        configure(READ_THROUGH);
        let script = Script::new([Hang, slow(100, Answer(7))]);
        let leader = async { tokio::time::timeout(ms(50), cached(1, &script)).await.is_err() };
        let others = futures::future::join_all((0..100).map(|_| cached(1, &script)));
        let (is_dropped, outcomes) = tokio::join!(leader, others);
        assert!(is_dropped && outcomes.iter().all(|outcome| *outcome == Ok(7)));
        assert_eq!(script.asked(), [ms(0), ms(50)]);
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}

#[comprehensive_retry("svc", cache(key = key, mode = ReadThrough))]
async fn bare(key: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_shared_and_starts_no_stampede() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = 'off'\ndeadline = '60s'");
        let script = Script::new([slow(100, Fail(Fault::Down))]);
        let outcomes = futures::future::join_all((0..1_000).map(|_| bare(1, &script))).await;
        assert!(outcomes.iter().all(|outcome| *outcome == Err(Fault::Down)), "each has an error of its own");
        let asked = script.asked();
        let at = |time| asked.iter().filter(|at| **at == ms(time)).count();
        assert_eq!([at(0), at(100), at(200), at(300)], [1, 2, 4, 8], "the number of those who try doubles");
        assert!(asked.last() <= Some(&secs(1)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_call_does_so_until_its_own_deadline() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = 'off'\ndeadline = '500ms'");
        let script = Script::new([Hang]);
        let start = Instant::now();
        let (first, second) = tokio::join!(bare(1, &script), async {
            tokio::time::sleep(ms(100)).await;
            let outcome = bare(1, &script).await;
            (outcome, start.elapsed())
        });
        assert!(first.is_err());
        assert!(second.0.is_err() && second.1 <= ms(602), "{second:?}");
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}
