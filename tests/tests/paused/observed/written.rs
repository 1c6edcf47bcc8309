//! `mode` wherever it can be written: in each attribute, at a handle, on an `impl` block, and in each part of a file.

use resilience_runtime::monitor::{CallOutcome, ObservedDecision};
use resilience_runtime::policy::Mode;
use resilience_runtime::{
    Resilient, comprehensive_retry, graceful_degradation, registry, resilient_service, retry_database,
    testing,
};

use crate::script::{Answer, Fail, Fault, Script, ms, slow};

#[comprehensive_retry("wrote_retry", mode = Observe, max_attempts = 2, base_delay = 0)]
async fn retried(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[retry_database("wrote_database", mode = observe, max_attempts = 2, base_delay = 0)]
async fn of_database(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[resilient_service("wrote_service", mode = Observe, max_attempts = 2, base_delay = 0, static_response = 5)]
async fn of_service(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

struct Client<'a>(&'a Script);

#[resilient_service("wrote_impl", mode = Observe, max_attempts = 2, base_delay = 0)]
impl Client<'_> {
    async fn method(&self) -> Result<u32, Fault> {
        self.0.step().await
    }
}

#[graceful_degradation("wrote_degradation", mode = Observe, static_response = 5, bulkhead(max_concurrent = 1, max_queue = 0))]
async fn degrades(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

fn retries_of(service: &str) -> (u64, u64) {
    let stats = registry().service(service).unwrap().stats();
    (stats.calls(CallOutcome::Error), stats.would(ObservedDecision::Retry))
}

#[tokio::test(start_paused = true)]
async fn every_attribute_and_a_handle_take_it() {
    testing::isolated(async {
        let down = || Script::new([Fail(Fault::Down), Answer(1)]);
        assert_eq!(retried(&down()).await, Err(Fault::Down));
        assert_eq!(of_database(&down()).await, Err(Fault::Down));
        assert_eq!(of_service(&down()).await, Err(Fault::Down));
        assert_eq!(Client(&down()).method().await, Err(Fault::Down));
        let handle = Resilient::service("wrote_handle").mode(Mode::Observe).max_attempts(2).build();
        let script = down();
        assert_eq!(handle.call(|| script.step()).await, Err(Fault::Down));
        let of_call = handle.call(|| script.step()).deadline(ms(10));
        assert_eq!(of_call.await, Ok(1));
        for service in ["wrote_retry", "wrote_database", "wrote_service", "wrote_impl", "wrote_handle"] {
            assert_eq!(retries_of(service), (1, 1), "{service}");
        }
        let late = handle.call(|| async {
            tokio::time::sleep(ms(20)).await;
            Ok::<_, Fault>(3)
        });
        assert_eq!(late.deadline(ms(10)).await, Ok(3), "nor does the deadline of one call end it");
        let stats = registry().service("wrote_handle").unwrap().stats();
        assert_eq!(stats.would(ObservedDecision::DeadlineExceeded), 1);

        let script = Script::new([slow(10, Answer(1)), Answer(2), Fail(Fault::Down)]);
        assert_eq!(tokio::join!(degrades(&script), degrades(&script)), (Ok(1), Ok(2)));
        assert_eq!(degrades(&script).await, Err(Fault::Down));
        let stats = registry().service("wrote_degradation").unwrap().stats();
        assert_eq!(stats.would(ObservedDecision::BulkheadFull), 1);
    })
    .await;
}

/// Whether calls of `svc` are observed under these settings.
async fn is_observed(text: &str) -> bool {
    testing::isolated(async {
        registry().load_config(text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        crate::script::call(&script).await.is_err()
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_mode_for_all_stands_below_what_is_said_of_one() {
    for (text, observed) in [
        ("", false),
        ("[services.svc]\nmode = 'Observe'\n", true),
        ("[global]\nmode = 'observe'\n", true),
        ("[global]\nmode = 'observe'\n[services.svc]\nmode = 'enforce'\n", false),
        ("[global]\nmode = 'enforce'\n[services.svc]\nmode = 'observe'\n", true),
        ("[templates.new]\nmode = 'observe'\n[services.svc]\ntemplate = 'new'\n", true),
        ("[services.svc]\nmode = 'observe'\n[overrides.svc]\nmode = 'enforce'\n", false),
        ("[overrides.svc]\nmode = 'observe'\n", true),
    ] {
        assert_eq!(is_observed(text).await, observed, "{text}");
    }
}
