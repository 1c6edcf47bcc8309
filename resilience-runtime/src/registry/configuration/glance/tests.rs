//! Collections beside whoever has the lock of the configuration, and beside loads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use resilience_settings::policy::Patch;

use crate::export::prometheus::{Format, render};
use crate::monitor::snapshot::DashboardData;
use crate::observe::Monitor;
use crate::registry::Registry;

const SERVICES: usize = 1_000;

fn registry() -> &'static Registry {
    Box::leak(Box::new(Registry::new()))
}

fn load(registry: &Registry, text: &str) {
    registry.load_config(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
}

/// A file of a thousand services.
fn thousand(attempts: usize) -> String {
    (0..SERVICES).fold(String::new(), |text, number| {
        format!("{text}[services.s{number:03}]\ntemplate = \"database\"\nmax_attempts = {attempts}\n")
    })
}

/// Collects on a thread of its own, as a reader does, and waits for it.
fn collected(registry: &'static Registry) -> DashboardData {
    let (done, is_done) = channel();
    thread::spawn(move || {
        let data = Monitor::of(registry).dashboard_data();
        assert!(render(&data, Format::Text).contains("resilience_config_reloads_total"));
        let _ = done.send(data);
    });
    is_done.recv_timeout(Duration::from_secs(20)).expect("it waits for the lock of the configuration")
}

#[test]
fn a_collection_goes_by_the_last_settings_while_somebody_has_the_lock() {
    let registry = registry();
    load(registry, "[services.a]\ntemplate = \"database\"\n");
    registry.update_service("a", &Patch::new().max_attempts(2)).unwrap();
    let seen = |data: DashboardData| {
        let templates: Vec<_> =
            data.services.iter().map(|service| (service.name.clone(), service.template.clone())).collect();
        (templates, data.process.reloads_applied, data.process.overrides_active)
    };
    let of = |name: &str, template: &str| (name.to_owned(), template.to_owned());
    let before = (vec![of("a", "database")], 1, 1);
    assert_eq!(seen(collected(registry)), before);

    // Nothing has changed: nobody is waited for.
    let held = registry.lock();
    assert_eq!(seen(collected(registry)), before);
    drop(held);
    load(registry, "[services.a]\ntemplate = \"cache\"\n[services.b]\n");
    assert!(registry.clear_update("a"));
    let held = registry.lock();
    assert_eq!(seen(collected(registry)), before, "the last settings that were read");
    drop(held);
    assert_eq!(seen(collected(registry)), (vec![of("a", "cache"), of("b", "generic")], 2, 0));
}

#[test]
fn the_count_of_findings_is_that_of_the_findings() {
    let registry = registry();
    let agrees = || {
        let count = Monitor::of(registry).dashboard_data().process.findings;
        assert_eq!(count, registry.findings().len() as u64);
        count
    };
    let first = agrees();
    load(registry, "[services.nobody_names_it]\nmax_attempts = 2\n");
    assert_eq!(agrees(), first + 1);
    registry.load_config("[services.nobody_names_it]\nmax_attempts = 0\n", "r.toml").unwrap_err();
    assert_eq!((agrees(), registry.glance().reloads.refused), (first + 1, 1));
    load(registry, "");
    assert_eq!(agrees(), first);
}

#[test]
fn collections_go_on_beside_loads_of_a_thousand_services_and_miss_none() {
    let registry = registry();
    load(registry, &thousand(2));
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for attempts in [3, 4] {
                    load(registry, &thousand(attempts));
                }
            }
        });
        let mut applied = 0;
        for _ in 0..4 {
            let data = collected(registry);
            let of_file = data.services.iter().filter(|service| service.template == "database").count();
            assert_eq!(of_file, SERVICES);
            assert!(data.process.reloads_applied >= applied, "a counter that fell");
            applied = data.process.reloads_applied;
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_first_call_waits_for_a_few_services_and_not_until_a_collection_has_made_all() {
    let registry = registry();
    load(registry, &thousand(2));
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let mut longest = Duration::ZERO;
            while !is_over.load(Ordering::Relaxed) {
                let start = Instant::now();
                registry.reloads();
                longest = longest.max(start.elapsed());
                thread::yield_now();
            }
            longest
        });
        let start = Instant::now();
        assert_eq!(registry.services_at_hand().len(), SERVICES);
        let all = start.elapsed();
        is_over.store(true, Ordering::Relaxed);
        let longest = waits.join().unwrap();
        assert!(longest < all / 2, "{longest:?} of {all:?}");
    });
}
