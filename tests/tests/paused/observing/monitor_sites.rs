//! What `monitor()` says of the call sites of a service.

use resilience_runtime::monitor::snapshot::{CallCounts, SiteSnapshot};
use resilience_runtime::{
    Priority, Resilient, ServiceKind, comprehensive_retry, monitor, resilient_call, testing, with_priority,
};

use crate::script::{Answer, Fail, Fault, Script, Step, configure, rejected, service, slow};

const CALM: &str = "max_attempts = 1\nbase_delay = 0.0\ncircuit_breaker_enabled = false";

#[comprehensive_retry("svc", max_attempts = 3)]
async fn first(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", max_attempts = 1, fallback = stand_in)]
async fn second(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

fn stand_in(_script: &Script, error: &Fault) -> Result<u32, Fault> {
    if *error == Fault::Down { Ok(0) } else { Err(error.clone()) }
}

#[comprehensive_retry("svc")]
async fn never_called() -> Result<u32, Fault> {
    Ok(1)
}

fn sites() -> Vec<SiteSnapshot> {
    monitor().service("svc").expect("it is named").sites
}

fn site(function: &str) -> SiteSnapshot {
    sites().into_iter().find(|site| site.function.ends_with(function)).expect("it is there")
}

fn script(step: Step) -> Script {
    Script::new([step])
}

/// All outcomes of a service, without what runs.
fn ended(calls: CallCounts) -> CallCounts {
    let mut calls = calls;
    calls.in_flight = 0;
    calls
}

fn sum(sites: &[SiteSnapshot]) -> CallCounts {
    let mut all = CallCounts::default();
    for SiteSnapshot { calls, .. } in sites {
        all.success += calls.success;
        all.degraded += calls.degraded;
        all.declined += calls.declined;
        all.failure += calls.failure;
        all.rejected += calls.rejected;
        all.cancelled += calls.cancelled;
        all.panicked += calls.panicked;
    }
    all
}

#[tokio::test(start_paused = true)]
async fn each_site_has_its_own_outcomes_and_the_service_their_sum() {
    testing::isolated(async {
        configure(CALM);
        let _ = never_called;
        for _ in 0..3 {
            let _ = first(&script(slow(20, Answer(1)))).await;
        }
        let _ = first(&Script::new([Fail(Fault::Down), slow(40, Answer(1))])).await;
        let _ = first(&script(Fail(Fault::Wrong))).await;
        let _ = first(&script(Fail(Fault::Down))).await;
        assert_eq!(second(&script(Fail(Fault::Down))).await, Ok(0));
        let _ = second(&script(Fail(Fault::Refused))).await;
        assert!(tokio::spawn(testing::inherit(panics())).await.is_err());
        configure("circuit_breaker_enabled = true");
        service().force_open();
        assert!(rejected(&first(&script(Answer(1))).await).is_some());
        let one = site("monitor_sites::first");
        assert_eq!(
            (
                one.calls.success,
                one.calls.declined,
                one.calls.failure,
                one.calls.rejected,
                one.calls.in_flight
            ),
            (4, 1, 1, 1, 0)
        );
        assert_eq!((one.total_us, one.file.ends_with("monitor_sites.rs")), (100_000, true));
        let two = site("monitor_sites::second");
        assert_eq!((two.calls.degraded, two.calls.failure, two.calls.ended()), (1, 1, 2));
        assert_eq!(site("monitor_sites::panics").calls.panicked, 1);
        assert_eq!(site("monitor_sites::never_called").calls.ended(), 0);
        let svc = monitor().service("svc").expect("it is named");
        assert_eq!(sum(&svc.sites), ended(svc.calls));
        assert!(svc.sites.is_sorted_by_key(|site| site.function.clone()));
        let stats = service().stats();
        assert_eq!((stats.started(), stats.ended(), service().calls_in_flight()), (10, 10, 0));
    })
    .await;
}

#[comprehensive_retry("svc", max_attempts = 1)]
async fn panics() -> Result<u32, Fault> {
    panic!("the test says so")
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_are_those_of_all_sites() {
    testing::isolated(async {
        configure(CALM);
        let (one, two) = (script(slow(20, Answer(1))), script(slow(20, Fail(Fault::Down))));
        let both = async { tokio::join!(first(&one), second(&two)) };
        let seen = async {
            tokio::time::sleep(crate::script::ms(5)).await;
            (service().calls_in_flight(), monitor().service("svc").expect("it is named").calls.in_flight)
        };
        let (_, seen) = tokio::join!(both, seen);
        assert_eq!((seen, service().calls_in_flight()), ((2, 2), 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn handles_of_one_place_are_one_site_however_many_there_are() {
    testing::isolated(async {
        configure(CALM);
        for attempts in 1..=100 {
            let handle = Resilient::service("svc").kind(ServiceKind::HttpApi).max_attempts(attempts).build();
            let _ = with_priority(Priority::High, handle.call(|| async { Ok::<u32, Fault>(1) })).await;
        }
        for _ in 0..3 {
            let _ = resilient_call("svc", ServiceKind::HttpApi, || async { Err::<u32, Fault>(Fault::Wrong) })
                .await;
        }
        let made: Vec<_> = sites().into_iter().filter(|site| site.calls.ended() > 0).collect();
        assert_eq!(made.len(), 2, "{made:#?}");
        assert!(made.iter().any(|site| site.calls.success == 100 && site.calls.ended() == 100), "{made:#?}");
        assert!(
            made.iter().any(|site| site.function == "resilient_call" && site.calls.declined == 3),
            "{made:#?}"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn names_from_outside_share_a_service_and_its_one_site() {
    testing::isolated(async {
        for name in 0..1_500 {
            let name = format!("from_outside_{name}");
            let _ = resilient_call(name, ServiceKind::HttpApi, || async { Ok::<u32, Fault>(1) }).await;
        }
        let others = monitor().service("(other names)").expect("there were too many");
        assert_eq!((others.sites.len(), others.sites[0].calls.success), (1, 1_500 - 1_024));
    })
    .await;
}
