//! Shedding by priority, at the entry of a call.

use std::time::Duration;

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{
    Answered, Ending, Priority, RejectionKind, answered_by, comprehensive_retry, registry, resilient_service,
    testing, with_priority,
};

use crate::script::{Answer, Fail, Fault, Script, ask, call, configure, rejected, service, stats};

#[tokio::test(start_paused = true)]
async fn each_level_turns_away_its_priority_and_those_below() {
    use Priority::{Critical, High, Low, Normal};
    for (pressure, shed) in [
        (0.99, &[][..]),
        (1.0, &[Low]),
        (1.2, &[Low, Normal]),
        (1.5, &[Low, Normal, High]),
        (99.0, &[Low, Normal, High]),
    ] {
        testing::isolated(async {
            testing::set_pressure(pressure);
            for priority in [Low, Normal, High, Critical] {
                let script = Script::new([Answer(1)]);
                let outcome = with_priority(priority, call(&script)).await;
                let is_shed = shed.contains(&priority);
                assert_eq!(
                    rejected(&outcome),
                    is_shed.then_some(RejectionKind::Shed),
                    "{pressure} {priority:?}"
                );
                assert_eq!(script.asked().is_empty(), is_shed);
            }
            assert_eq!(stats().rejections(RejectionKind::Shed), shed.len() as u64);
        })
        .await;
    }
}

#[comprehensive_retry("svc", priority = Low)]
async fn unimportant(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_call_has_the_priority_of_its_attribute_and_the_operator_may_raise_it() {
    testing::isolated(async {
        testing::set_pressure(1.0);
        let script = Script::new([Answer(1)]);
        assert_eq!(rejected(&unimportant(&script).await), Some(RejectionKind::Shed));
        assert_eq!(call(&script).await, Ok(1));
        registry().load_config("[overrides.svc]\npriority = 'high'\n", "test.toml").unwrap();
        assert_eq!(unimportant(&script).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_shed_call_leaves_nothing_behind() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0\nbreaker.min_calls = 1\nbulkhead.max_concurrent = 2\nbudget = { ratio = 1.0, burst_capacity = 9, min_per_second = 0 }");
        assert_eq!(ask(Fail(Fault::Wrong)).await, Err(Fault::Wrong));
        let tokens = service().budget_tokens();
        testing::set_pressure(2.0);
        for _ in 0..10 {
            assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::Shed));
        }
        assert_eq!(stats().endings(Ending::Shed), 10);
        assert_eq!(stats().attempts_ended(), 1, "no body has run");
        assert_eq!((service().budget_tokens(), service().failure_rate()), (tokens, Some(0.0)));
        assert_eq!((stats().in_flight(), service().bulkhead_in_flight()), (0, Some(0)));
        testing::set_pressure(0.0);
        assert_eq!(ask(Answer(1)).await, Ok(1));
    })
    .await;
}

#[comprehensive_retry("outer")]
async fn outer(inner: &Script, priority: Option<Priority>) -> Result<u32, Fault> {
    testing::set_pressure(1.4);
    match priority {
        Some(priority) => with_priority(priority, call(inner)).await,
        None => call(inner).await,
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_admitted_further_out_is_not_thrown_away_halfway() {
    for (priority, expected) in [
        (None, None),
        (Some(Priority::Normal), None),
        (Some(Priority::High), None),
        (Some(Priority::Low), Some(RejectionKind::Shed)),
    ] {
        testing::isolated(async {
            let inner = Script::new([Answer(1)]);
            assert_eq!(rejected(&outer(&inner, priority).await), expected, "{priority:?}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_of_an_admitted_call_is_not_shed() {
    testing::isolated(async {
        configure("max_attempts = 2\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '100ms'");
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        let (outcome, ()) = tokio::join!(call(&script), async {
            tokio::time::sleep(crate::script::ms(50)).await;
            testing::set_pressure(2.0);
        });
        assert_eq!((outcome, script.asked().len()), (Ok(1), 2));
        assert_eq!(stats().attempts(AttemptOutcome::Success), 1);
    })
    .await;
}

#[resilient_service("svc", priority = Low, cache(key = key, mode = ReadThrough), static_response = 9)]
async fn with_answers(key: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_shed_call_may_be_answered_otherwise_and_a_kept_answer_needs_no_admission() {
    testing::isolated(async {
        let script = Script::new([Answer(1)]);
        assert_eq!(with_answers(1, &script).await, Ok(1));
        testing::set_pressure(2.0);
        assert_eq!(answered_by(with_answers(1, &script)).await, (Ok(1), Answered::Cache { stale: false }));
        assert_eq!(answered_by(with_answers(2, &script)).await, (Ok(9), Answered::Static));
        assert_eq!(script.asked().len(), 1);
        assert_eq!(stats().calls(CallOutcome::Rejected(RejectionKind::Shed)), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_program_is_measured_whoever_turns_the_feature_for_tests_on() {
    let _shedding = resilience_runtime::start_load_shedding().expect("a thread to spare");
    let start = std::time::Instant::now();
    while registry().pressure() == 0.0 {
        assert!(start.elapsed() < Duration::from_secs(20), "nothing is measured");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // A registry of a test is not.
    testing::isolated(async {
        let _shedding = resilience_runtime::start_load_shedding().expect("nothing is started");
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(registry().pressure() == 0.0);
    })
    .await;
}
