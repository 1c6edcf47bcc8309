//! The rules of a call site: which failures and results are retried, by status, by pattern and by function.

use resilience_runtime::{Recovery, comprehensive_retry, testing};

use super::STEADY;
use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure};

#[tokio::test(start_paused = true)]
async fn listed_status_codes_decide_whenever_there_is_a_status() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nretryable_status_codes = [404]"));
        for (fault, runs) in [(Fault::Status(404), 2), (Fault::Status(503), 1), (Fault::Down, 2)] {
            let script = Script::new([Fail(fault.clone()), Answer(7)]);
            let _ = call(&script).await;
            assert_eq!(script.asked().len(), runs, "{fault:?}");
        }
    })
    .await;
}

#[comprehensive_retry("svc", retry_on(Fault::Wrong | Fault::Status(_)), never_retry_on(Fault::Status(500)))]
async fn listed(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_written_retry_on_is_a_whitelist_and_never_beats_it() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nattempt_timeout = '1s'"));
        for (step, runs) in [
            (Fail(Fault::Wrong), 2),
            (Fail(Fault::Status(404)), 2),
            (Fail(Fault::Status(500)), 1),
            (Fail(Fault::Down), 1),
            (Hang, 2),
        ] {
            let script = Script::new([step.clone(), Answer(7)]);
            let _ = listed(&script).await;
            assert_eq!(script.asked().len(), runs, "{step:?}");
        }
    })
    .await;
}

fn is_wrong(fault: &Fault) -> bool {
    *fault == Fault::Wrong
}

#[comprehensive_retry("svc", retry_if = is_wrong)]
async fn asked_by_function(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn retry_if_is_a_whitelist_by_function() {
    testing::isolated(async {
        configure(STEADY);
        for (fault, runs) in [(Fault::Wrong, 2), (Fault::Down, 1)] {
            let script = Script::new([Fail(fault.clone()), Answer(7)]);
            let _ = asked_by_function(&script).await;
            assert_eq!(script.asked().len(), runs, "{fault:?}");
        }
    })
    .await;
}

fn everything_is_final(_: &Fault) -> Recovery {
    Recovery::never()
}

#[comprehensive_retry("svc", on_error = everything_is_final)]
async fn by_hand(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn classification_by_hand_replaces_the_types_own() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        assert_eq!(by_hand(&script).await, Err(Fault::Down));
    })
    .await;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that `retry_if_ok` asks for")]
fn is_small(value: &u32) -> bool {
    *value < 10
}

#[comprehensive_retry("svc", retry_if_ok = is_small)]
async fn until_large(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn an_unwanted_ok_is_retried_and_at_the_end_returned() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Answer(1), Answer(2), Answer(30)]);
        assert_eq!(until_large(&script).await, Ok(30));
        let script = Script::new([Answer(1), Answer(2), Answer(3), Answer(4), Answer(50)]);
        assert_eq!(until_large(&script).await, Ok(4));
        assert_eq!(script.asked().len(), 4);
        let script = Script::new([Fail(Fault::Down), Answer(2), Fail(Fault::Wrong)]);
        assert_eq!(until_large(&script).await, Err(Fault::Wrong));
    })
    .await;
}
