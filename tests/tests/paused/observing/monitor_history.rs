//! What `monitor()` keeps of rare events: for readers that come later, that are slow, and that come back.

use resilience_runtime::monitor::snapshot::EventSnapshot;
use resilience_runtime::{Patch, monitor, registry, testing};
use tokio::time::sleep;

use crate::script::{Fail, Fault, ask, configure, ms, service};

/// Settings under which nothing opens by itself.
const CALM: &str = "max_attempts = 1\nbreaker.quiet_failures = 'off'\nbreaker.min_calls = 1000";

/// What the events say: what, from where, to where.
fn told(events: &[EventSnapshot]) -> Vec<(&'static str, Option<&'static str>, Option<&'static str>)> {
    events.iter().map(|event| (event.kind, event.from, event.to)).collect()
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_failed_calls_do_not_wash_away_the_transition() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker.consecutive_failures = 3\nbreaker.open_for = '1h'\nbreaker.max_open_for = '1h'");
        let mut reader = monitor().subscribe();
        for _ in 0..10_000 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        let events = monitor().events();
        assert_eq!(told(&events), [("config_applied", None, None), ("breaker", Some("closed"), Some("open"))]);
        assert_eq!(events[1].service, Some("svc"));
        assert_eq!(told(&reader.read().events), [("breaker", Some("closed"), Some("open"))]);
        assert_eq!(reader.read().events, []);
        let timeline = monitor().service("svc").expect("it is named").breaker.timeline;
        assert_eq!(timeline.iter().map(|change| (change.from, change.to)).collect::<Vec<_>>(), [("closed", "open")]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn rare_things_are_events_and_what_comes_often_is_told_once_a_second() {
    testing::isolated(async {
        configure(CALM);
        let _ = service();
        let mut reader = monitor().subscribe();
        registry().update_service("svc", &Patch::new().max_attempts(3)).expect("it is known");
        assert!(registry().clear_update("svc"));
        assert!(registry().load_config("nonsense = 1", "test.toml").is_err());
        service().force_open();
        service().reset_breaker();
        let kinds: Vec<_> = reader.read().events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["override_set", "override_cleared", "config_refused", "breaker", "breaker"]);
        configure("max_attempts = 3\nbase_delay = 0.0\nbudget.burst_capacity = 1\nbudget.ratio = 0.0\nbudget.min_per_second = 0.0\ncircuit_breaker_enabled = false");
        reader.read();
        for _ in 0..30 {
            let _ = ask(Fail(Fault::Down)).await;
            sleep(ms(100)).await;
        }
        let events = reader.read().events;
        assert!(events.iter().all(|event| event.kind == "budget_exhausted"), "{events:?}");
        assert_eq!(events.len(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_loses_the_oldest_and_is_told_how_many() {
    testing::isolated(async {
        configure(CALM);
        let mut reader = monitor().subscribe();
        for _ in 0..300 {
            service().force_open();
            service().reset_breaker();
        }
        let batch = reader.read();
        assert_eq!((batch.missed, batch.events.len()), (600 - 512, 512));
        assert_eq!(monitor().dashboard_data().process.events_dropped, 88);
        assert_eq!(reader.read().missed, 0);
        let last = batch.events[511].id;
        service().force_open();
        assert_eq!(monitor().events_after(last).events.len(), 1, "a reader that comes back");
    })
    .await;
}
