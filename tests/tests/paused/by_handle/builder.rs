//! Handles and `resilient_call`: the same engine and registry, without an attribute.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{
    Patch, Priority, Recovery, Resilient, ServiceKind, registry, resilient_call, resilient_call_with, testing,
};

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, service, stats};

async fn ask(script: &Script) -> Result<u32, Fault> {
    resilient_call("svc", ServiceKind::Generic, || script.step()).await
}

#[tokio::test(start_paused = true)]
async fn it_retries_by_the_settings_of_the_service() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = '100ms'\nstrategy = 'fixed'\njitter = 0.0");
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(7)]);
        assert_eq!(ask(&script).await, Ok(7));
        assert_eq!(script.asked(), [ms(0), ms(100), ms(200)]);
        assert_eq!((stats().started(), stats().retries()), (1, 2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_a_handle_says_stands_where_an_attribute_would() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0\nbudget = 'off'\nbreaker = 'off'");
        for attempts in [2, 1, 4, 1] {
            let handle = Resilient::service("svc").max_attempts(attempts).build();
            for _ in 0..2 {
                let script = Script::new([Fail(Fault::Down)]);
                let _ = handle.call(|| script.step()).await;
                assert_eq!(script.asked().len(), attempts as usize);
            }
        }
        let handle = Resilient::service("svc").max_attempts(2).build();
        registry().update_service("svc", &Patch::new().max_attempts(5)).unwrap();
        let script = Script::new([Fail(Fault::Down)]);
        let _ = handle.call(|| script.step()).await;
        assert_eq!(script.asked().len(), 5, "run-time updates are above it");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_shares_the_breaker_with_annotated_functions() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker.consecutive_failures = 2");
        for _ in 0..2 {
            assert_eq!(ask(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        }
        assert!(service().breaker_state().is_open());
        assert!(matches!(call(&Script::new([Answer(1)])).await, Err(Fault::Rejected(_))));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn errors_may_be_judged_by_hand() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0");
        let script = Script::new([Fail(Fault::Down)]);
        let body = || async { script.step().await.map_err(|fault| fault.to_string()) };
        let outcome = resilient_call_with("svc", ServiceKind::Generic, body, |text| {
            if text.starts_with("down") { Recovery::never() } else { Recovery::retry() }
        })
        .await;
        assert_eq!((outcome, script.asked().len()), (Err("down".to_owned()), 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_times_out_and_is_cancelled_like_any_call() {
    testing::isolated(async {
        configure("max_attempts = 1");
        let script = Script::new([Hang]);
        let handle = Resilient::service("svc").attempt_timeout(ms(50)).build();
        let hang = || handle.call(|| script.step()).deadline(ms(500));
        assert!(matches!(hang().priority(Priority::High).await, Err(Fault::Rejected(it)) if it.kind().is_timeout()));
        assert!(tokio::time::timeout(ms(10), hang()).await.is_err());
        assert_eq!((stats().calls(CallOutcome::Cancelled), stats().in_flight()), (1, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_service_may_have_a_name_known_at_run_time_only_and_the_future_may_be_spawned() {
    testing::isolated(async {
        for name in ["eu", "us"] {
            let body = || async { Ok::<_, Fault>(3) };
            let call = resilient_call(format!("region_{name}"), ServiceKind::Microservice, body);
            let spawned = testing::inherit(call);
            assert_eq!(tokio::spawn(spawned).await.unwrap(), Ok(3));
        }
        let services = registry().services().into_iter().map(resilience_runtime::Service::name);
        let names: Vec<_> = services.filter(|name| name.starts_with("region_")).collect();
        assert_eq!(names, ["region_eu", "region_us"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn its_kind_chooses_the_template_and_its_service_keys_count() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Down)]);
        let settings = Patch::new().budget_burst_capacity(77).breaker_open_for(ms(1_234));
        let handle = Resilient::service("of_a_kind").kind(ServiceKind::AiService).settings(&settings).build();
        assert_eq!(handle.call(|| script.step()).await, Err(Fault::Down));
        assert_eq!(script.asked().len(), 5, "as the template of AI services says");
        let service = registry().service("of_a_kind").unwrap();
        let policy = service.policy();
        assert_eq!(policy.kind, ServiceKind::AiService);
        assert_eq!(policy.breaker.as_ref().unwrap().open_for, ms(1_234));
        assert!(service.budget_tokens().unwrap() > 70.0);
        let explanation = registry().explain("of_a_kind").expect("it is known now").to_string();
        assert!(explanation.contains("builder.rs"), "{explanation}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn its_closure_is_asked_only_when_the_attempt_may_be_made() {
    testing::isolated(async {
        configure("max_attempts = 1");
        assert!(call(&Script::new([Answer(1)])).await.is_ok());
        service().force_open();
        let mut asked = 0;
        let outcome = resilient_call("svc", ServiceKind::Generic, || {
            asked += 1;
            async { Ok::<_, Fault>(1) }
        })
        .await;
        assert!(matches!(outcome, Err(Fault::Rejected(_))));
        assert_eq!(asked, 0);
    })
    .await;
}
