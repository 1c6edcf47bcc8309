//! What `monitor()` says of services: snapshots, windows, health.

use resilience_runtime::monitor::snapshot::{DashboardData, ServiceSnapshot};
use resilience_runtime::{Monitoring, RejectionKind, comprehensive_retry, monitor, registry, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Script, Step, ask, call, configure, ms, rejected, secs, service};

/// Named by its site alone: nobody calls it.
#[comprehensive_retry("monitor_never_called", kind = Database)]
async fn never_called() -> Result<(), Fault> {
    Ok(())
}

/// Tenants, one breaker each.
#[comprehensive_retry("svc", partition = tenant, max_attempts = 1)]
async fn of_tenant(tenant: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Settings under which nothing opens by itself.
const CALM: &str = "max_attempts = 1\nbreaker.quiet_failures = 'off'\nbreaker.min_calls = 1000";

fn snapshot() -> ServiceSnapshot {
    monitor().service("svc").expect("it is named")
}

fn of(data: &DashboardData, name: &str) -> ServiceSnapshot {
    data.services.iter().find(|service| service.name == name).cloned().expect("it is named")
}

async fn calls(steps: &[Step]) {
    for step in steps {
        let _ = ask(step.clone()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_is_there_with_all_its_series_before_its_first_call() {
    testing::isolated(async {
        let _ = never_called;
        let data = monitor().dashboard_data();
        assert_eq!(data.version, 1);
        let idle = of(&data, "monitor_never_called");
        assert_eq!((idle.kind, &*idle.template, idle.calls.ended()), ("database", "database", 0));
        assert_eq!((idle.health.score, idle.health.reasons), (100, vec!["no traffic".to_owned()]));
        assert_eq!(idle.rejections.get("circuit_open"), 0);
        assert!(idle.rejections.iter().count() >= 9 && idle.unretried.iter().count() >= 14);
        assert!(monitor().service("nobody_knows_it").is_none() && monitor().health("nor_it").is_none());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_has_what_was_counted_and_how_it_stands() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0.0\nbulkhead.max_concurrent = 7\ntemplate = 'http_api'\nservice_type = 'thing'");
        assert_eq!(call(&Script::new([Fail(Fault::Down), Answer(1)])).await, Ok(1));
        calls(&[Answer(1), Fail(Fault::Wrong), Answer(1)]).await;
        service().force_open();
        calls(&[Answer(1)]).await;
        let svc = snapshot();
        assert_eq!((svc.template.as_str(), svc.service_type.as_deref()), ("http_api", Some("thing")));
        assert_eq!((svc.calls.success, svc.calls.declined, svc.calls.rejected), (3, 1, 1));
        assert_eq!((svc.attempts_needed, svc.rejections.get("circuit_open")), ([2, 1, 0, 0, 0], 1));
        assert_eq!((svc.attempts.original.get("success"), svc.attempts.retry.get("success")), (2, 1));
        assert_eq!((svc.latency.count, svc.latency.buckets.iter().sum()), (4, 4_u64));
        assert_eq!((svc.breaker.state, svc.breaker.transitions.get("forced_open")), ("forced_open", 1));
        let bulkhead = svc.bulkhead.expect("it has one");
        assert_eq!((bulkhead.in_flight, bulkhead.limit, bulkhead.adaptive), (0, 7, false));
        let budget = svc.budget.expect("it has one");
        assert!(budget.tokens > 8.9 && budget.tokens < 10.0 && (budget.capacity - 10.0).abs() < 1e-9);
        assert_eq!(svc.health.score, 20);
        assert_eq!(svc.health.reasons[0], "breaker forced open");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn windows_are_of_the_last_seconds_and_forget_what_is_older() {
    testing::isolated(async {
        configure(CALM);
        let _monitoring = monitor().start();
        for _ in 0..20 {
            calls(&[Answer(1), Fail(Fault::Down)]).await;
            sleep(secs(1)).await;
        }
        let windows = snapshot().windows.expect("it is watched");
        assert_eq!(windows.since_us, 20_000_000);
        let (ten, minute) = (&windows.ten_seconds, &windows.one_minute);
        assert!((9..=12).contains(&ten.calls.success) && ten.calls.success == ten.calls.failure, "{ten:?}");
        assert!((ten.calls_per_second - 2.0).abs() < 0.41, "{ten:?}");
        assert_eq!((minute.calls.success, minute.length_us), (20, 20_000_000));
        assert_eq!((minute.success_rate, minute.attempt_success_rate), (Some(0.5), Some(0.5)));
        let health = snapshot().health;
        assert_eq!(health.score, 22, "20 of 40 failed, and 20 successes are imagined: {health:?}");
        assert!(health.reasons[0].starts_with("callers: 50.0% of 40 calls"), "{health:?}");
        sleep(secs(90)).await;
        let svc = snapshot();
        let windows = svc.windows.expect("it is watched");
        assert_eq!((windows.ten_seconds.calls.ended(), windows.one_minute.calls.ended()), (0, 0));
        assert_eq!(windows.five_minutes.calls.ended(), 40);
        assert_eq!((svc.health.score, svc.calls.failure), (100, 20));
        let curve = &svc.sparkline;
        assert_eq!((curve.len(), curve.iter().map(|point| point.bad).sum::<u32>()), (55, 20));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn readings_stop_with_the_guard_and_a_question_brings_them_back() {
    testing::isolated(async {
        configure(CALM);
        let monitoring: Monitoring = monitor().start();
        calls(&[Answer(1)]).await;
        sleep(secs(4)).await;
        drop(monitoring);
        sleep(secs(600)).await;
        calls(&[Answer(1)]).await;
        let windows = snapshot().windows.expect("it is watched");
        assert!(windows.ten_seconds.length_us <= 12_000_000, "not ten minutes: {windows:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn one_failed_call_at_night_alarms_nobody_and_404s_never() {
    testing::isolated(async {
        configure(CALM);
        let _monitoring = monitor().start();
        sleep(secs(4)).await;
        calls(&[Fail(Fault::Down)]).await;
        let health = monitor().health("svc").expect("it is named");
        assert_eq!(health.score, 61);
        sleep(secs(80)).await;
        for _ in 0..100 {
            calls(&[Fail(Fault::Status(404))]).await;
        }
        let health = monitor().health("svc").expect("it is named");
        assert_eq!((health.score, health.reasons), (100, vec![]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn partitions_are_counted_by_their_state_and_count_for_health() {
    testing::isolated(async {
        configure("breaker.consecutive_failures = 1");
        for tenant in 0..4 {
            let step = if tenant == 0 { Fail(Fault::Down) } else { Answer(1) };
            let _ = of_tenant(tenant, &Script::new([step])).await;
        }
        let svc = snapshot();
        assert_eq!(svc.partitions.total, 4);
        assert_eq!((svc.partitions.by_state.get("open"), svc.partitions.by_state.get("closed")), (1, 3));
        let first = &svc.partitions.shown[0];
        assert_eq!((&*first.label, first.breaker), ("#0", "open"));
        let last = svc.partitions.shown.last().expect("four are shown");
        assert_eq!((last.breaker, last.results, last.failures), ("closed", 1, 0));
        assert!(svc.health.reasons.contains(&"1 of 4 partitions open".to_owned()), "{:?}", svc.health);
        assert!(svc.health.score <= 80);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_does_reaches_every_tenant() {
    testing::isolated(async {
        configure("max_partitions = 3\nbreaker.consecutive_failures = 1");
        let ok = Script::new([Answer(1)]);
        let down = Script::new([Fail(Fault::Down)]);
        assert_eq!(of_tenant(1, &ok).await, Ok(1));
        service().force_open();
        for tenant in [1, 2, 3, 4, 5] {
            let outcome = of_tenant(tenant, &ok).await;
            assert_eq!(
                rejected(&outcome),
                Some(RejectionKind::CircuitOpen),
                "{tenant}: one that was there, new ones, and such as take a place over"
            );
        }
        let svc = snapshot();
        assert_eq!((svc.breaker.state, svc.partitions.by_state.get("forced_open")), ("forced_open", 3));
        service().force_closed();
        for tenant in [5, 6, 7] {
            for _ in 0..3 {
                assert_eq!(of_tenant(tenant, &down).await, Err(Fault::Down), "{tenant}");
            }
        }
        service().reset_breaker();
        assert_eq!(of_tenant(7, &down).await, Err(Fault::Down));
        assert!(rejected(&of_tenant(7, &ok).await).is_some(), "it goes by its own rules again");
        assert_eq!(of_tenant(8, &ok).await, Ok(1));
        let svc = snapshot();
        assert_eq!((svc.breaker.state, svc.partitions.by_state.get("open")), ("closed", 1));
        service().reset_breaker();
        assert_eq!(of_tenant(7, &ok).await, Ok(1), "also where the service itself was closed");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_registry_has_a_monitor_of_its_own() {
    testing::isolated(async {
        configure(CALM);
        calls(&[Answer(1)]).await;
        testing::isolated(async {
            configure(CALM);
            assert_eq!(snapshot().calls.success, 0);
        })
        .await;
        assert_eq!(snapshot().calls.success, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_process_says_what_became_of_reloads_and_overrides() {
    testing::isolated(async {
        let before = monitor().dashboard_data().process;
        assert_eq!((before.reloads_applied, before.config_applied_at_ms), (0, None));
        configure(CALM);
        service().force_closed();
        sleep(ms(5)).await;
        let process = monitor().dashboard_data().process;
        assert_eq!((process.reloads_applied, process.last_reload_refused), (1, false));
        assert!(process.config_applied_at_ms.is_some());
        assert_eq!((process.overrides_active, process.retries_in_flight_limit), (1, 100));
        assert_eq!((process.shedding_level, process.health), ("nothing", 70));
        assert!(registry().load_config("nonsense = 1", "test.toml").is_err());
        let data = monitor().dashboard_data();
        let refused = data.process.last_reload_refused;
        assert_eq!((data.process.reloads_refused, refused), (1, true));
        assert_eq!(of(&data, "monitor_never_called").health.score, 90);
    })
    .await;
}
