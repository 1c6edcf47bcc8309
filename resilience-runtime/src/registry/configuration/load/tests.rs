//! What happens beside a load: nothing keeps settings of the file before it, and nobody waits for it to be resolved.

use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use resilience_settings::policy::{Key, Patch, Value};

use resilience_settings::layers::Ground;

use super::*;
use crate::policy::{EffectivePolicy, Observation};
use crate::registry::Site;

mod wakers;

fn registry() -> &'static Registry {
    Box::leak(Box::new(Registry::new()))
}

fn site(service: &str, inline: &'static [(Key, Value)]) -> &'static Site {
    Box::leak(Box::new(Site::unwritten(String::leak(service.to_owned()), "test", Location::caller(), inline)))
}

fn file(text: &str) -> FileConfig {
    FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn learn(registry: &Registry, site: &'static Site) {
    let woken = registry.learn_locked(&mut registry.lock(), site);
    woken.wake();
}

fn attempts(bound: &BoundSite) -> u32 {
    bound.rules().max_attempts
}

#[tokio::test]
async fn what_changes_while_a_load_is_resolved_gets_the_settings_of_the_new_file() {
    let registry = registry();
    let early = registry.bind(site("a", &[]));
    let updated = registry.bind(site("b", &[]));
    let file = file(
        "[services.a]\nmax_attempts = 7\n[services.b]\nmax_attempts = 8\n[services.c]\nmax_attempts = 9\n",
    );

    let program = registry.program();
    let plan = registry.plan(&program, &file);
    let late = registry.bind(site("a", &[]));
    let new = registry.bind(site("c", &[]));
    learn(registry, site("a", &[(Key::MaxConcurrent, Value::Count(5))]));
    registry.update_service("b", &Patch::new().max_attempts(2)).unwrap();
    assert_eq!([early, late, new, updated].map(attempts), [3, 3, 3, 2], "the old settings, with the update");
    registry.switch(Arc::new(file), plan).1.wake();

    assert_eq!([early, late, new, updated].map(attempts), [7, 7, 9, 2]);
    let bulkhead = early.service().policy().bulkhead.as_ref();
    assert_eq!(
        bulkhead.map(|bulkhead| bulkhead.max_concurrent),
        Some(5),
        "the site that was learnt meanwhile"
    );
    assert!(registry.clear_update("b"));
    assert_eq!(attempts(updated), 8);
    assert_eq!(registry.lock().touched, None, "nothing is remembered beyond the load");
}

#[tokio::test]
async fn an_update_that_is_taken_back_during_a_load_does_not_come_back_with_it() {
    let registry = registry();
    let bound = registry.bind(site("a", &[]));
    registry.update_service("a", &Patch::new().max_attempts(2)).unwrap();
    let file = file("[services.a]\nmax_attempts = 7\n");
    let plan = registry.plan(&registry.program(), &file);
    assert!(registry.clear_update("a"));
    registry.switch(Arc::new(file), plan).1.wake();
    assert_eq!(attempts(bound), 7);
}

#[tokio::test]
async fn a_site_has_its_own_keys_beside_those_of_its_service() {
    static OWN: [(Key, Value); 1] = [(Key::MaxAttempts, Value::Count(4))];
    let registry = registry();
    let own = site("a", &OWN);
    learn(registry, own);
    let (plain, own) = (registry.bind(site("a", &[])), registry.bind(own));
    for load in ["[services.a]\nmax_attempts = 7\n", "[services.a]\nmax_attempts = 6\n"] {
        let findings = registry.apply(file(load));
        assert_eq!(findings.len(), 1, "the key that the site shadows: {findings:?}");
    }
    assert_eq!([plain, own].map(attempts), [6, 4]);
    registry.update_service("a", &Patch::new().max_attempts(2)).unwrap();
    assert_eq!([plain, own].map(attempts), [2, 2]);
}

#[tokio::test]
async fn sites_that_are_bound_while_files_are_loaded_end_with_the_last_file() {
    let registry = registry();
    let names: Vec<String> = (0..200).map(|number| format!("service_{number}")).collect();
    let text = |attempts: u32| -> String {
        let table = |name| format!("[services.{name}]\nmax_attempts = {attempts}\n");
        names.iter().map(table).collect::<Vec<_>>().concat()
    };
    let done = AtomicBool::new(false);
    let mut bound = Vec::new();
    std::thread::scope(|scope| {
        let loader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for attempts in [5, 6] {
                    registry.apply(file(&text(attempts)));
                }
            }
        });
        while registry.reloads().applied == 0 {
            std::thread::yield_now();
        }
        for name in &names {
            for _ in 0..3 {
                let site = registry.bind(site(name, &[]));
                assert!([5, 6].contains(&attempts(site)));
                bound.push(site);
            }
        }
        done.store(true, Ordering::Relaxed);
        loader.join().unwrap();
    });
    assert!(bound.iter().all(|site| attempts(site) == 6));
}

#[tokio::test]
async fn a_registry_and_its_services_can_be_shown() {
    let registry = registry();
    let bound = registry.bind(site("a", &[]));
    assert_eq!(format!("{registry:?}"), "Registry { services: 1, .. }");
    assert!(format!("{:?}", bound.service()).starts_with("Service { shared: Shared { .. }"));
}

#[tokio::test]
async fn a_first_call_waits_for_a_few_services_and_not_for_a_whole_load() {
    let registry = registry();
    let names: Vec<String> = (0..10_000).map(|number| format!("service_{number}")).collect();
    for name in &names {
        registry.bind(site(name, &[]));
    }
    let table = |name| format!("[services.{name}]\nmax_attempts = 7\nbulkhead.max_concurrent = 9\n");
    let file = file(&names.iter().map(table).collect::<Vec<_>>().concat());
    let plan = registry.plan(&registry.program(), &file);

    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let mut longest = Duration::ZERO;
            while !is_over.load(Ordering::Relaxed) {
                let start = Instant::now();
                registry.reloads();
                longest = longest.max(start.elapsed());
                std::thread::yield_now();
            }
            longest
        });
        let start = Instant::now();
        registry.switch(Arc::new(file), plan).1.wake();
        let all = start.elapsed();
        is_over.store(true, Ordering::Relaxed);
        let longest = waits.join().unwrap();
        assert!(longest < all / 2, "{longest:?} of {all:?}");
    });
    assert!(
        names.iter().all(|name| registry.service(name).is_some_and(|one| one.policy().bulkhead.is_some()))
    );
    assert_eq!((registry.reloads().applied, registry.lock().touched.is_none()), (1, true));
}

#[test]
fn an_attempt_is_timed_where_a_bulkhead_learns_from_it_though_nobody_counts_it() {
    let policy_of = |adaptive| {
        let text = format!(
            "[services.s]\nattempt_timeout = 'off'\ndeadline = 'off'\nbreaker = 'off'\n\
             bulkhead = {{ max_concurrent = 100, adaptive = {adaptive} }}\n"
        );
        let resolved = Ground::new(Some(&file(&text))).layers("s", &[], None).of_service();
        let call = Box::leak(Box::new(resolved.call_policy().into()));
        EffectivePolicy::new(
            call,
            Box::leak(Box::new(resolved.service_policy().into())),
            Observation { is_counted: false, is_traced: false },
        )
    };
    assert!(policy_of(true).is_timed && !policy_of(true).success_is_plain);
    assert!(!policy_of(false).is_timed && policy_of(false).success_is_plain);
    assert!(!policy_of(false).is_bare, "it takes a permit");
}
