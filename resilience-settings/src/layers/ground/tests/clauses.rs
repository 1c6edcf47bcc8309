//! Clauses in several layers: which of them says that one is on, and what an adaptive timeout replaces.

use super::*;

/// The attempt timeout, and whether it adapts.
fn timeout(resolved: &Resolved) -> (Option<u64>, bool) {
    let call = resolved.call_policy();
    (call.attempt_timeout.map(|time| time.as_secs()), call.adaptive_timeout.is_some())
}

#[test]
fn the_strongest_layer_says_whether_the_attempt_timeout_adapts() {
    static ADAPTIVE: SiteFacts = site(
        "s",
        "adaptive",
        1,
        &[(Key::AttemptTimeout, Value::Adaptive), (Key::TimeoutFactor, Value::Number(3.0))],
    );
    static FIXED: SiteFacts =
        site("s", "fixed", 2, &[(Key::AttemptTimeout, Value::Duration(Duration::from_secs(3)))]);
    let of = |site: &SiteFacts, text: &str| timeout(&resolve_site(site, &[site], Some(&file(text)), None));
    assert_eq!(of(&ADAPTIVE, ""), (Some(2), true), "the ceiling is what it replaces");
    assert_eq!(of(&ADAPTIVE, "[services.s]\nattempt_timeout = 4\n"), (Some(4), true));
    assert_eq!(of(&ADAPTIVE, "[services.s]\nattempt_timeout.ceiling = 5\n"), (Some(5), true));
    assert_eq!(of(&ADAPTIVE, "[overrides.s]\nattempt_timeout = 3\n"), (Some(3), false));
    assert_eq!(of(&ADAPTIVE, "[overrides.s]\nattempt_timeout = \"off\"\n"), (None, false));
    assert_eq!(of(&FIXED, "[services.s]\nattempt_timeout = \"adaptive\"\n"), (Some(3), false));
    let again = "[overrides.s]\nattempt_timeout = \"adaptive\"\n";
    assert_eq!(of(&FIXED, again), (Some(3), true));
    let twice = "[services.s]\nattempt_timeout = 4\n[overrides.s.attempt_timeout]\nfloor = 1\n";
    assert_eq!(of(&ADAPTIVE, twice), (Some(4), true));
}

#[test]
fn a_ceiling_over_off_is_the_deadline_or_else_the_timeout_of_the_template() {
    let of = |text: &str, patch: Patch| timeout(&resolve_service("s", &[], Some(&file(text)), Some(&patch)));
    let off = "[services.s]\nattempt_timeout = \"off\"\n";
    let adaptive = Patch::new().attempt_timeout_adaptive();
    assert_eq!(of(off, adaptive.clone()), (Some(10), true));
    assert_eq!(of(off, adaptive.deadline(None)), (Some(2), true));
}

#[test]
fn call_clauses_climb_with_the_attribute_and_service_clauses_stand_below_the_file() {
    static SITE: SiteFacts = site(
        "s",
        "query",
        1,
        &[
            (Key::HedgeMax, Value::Count(2)),
            (Key::CacheCapacity, Value::Count(5)),
            (Key::MaxConcurrent, Value::Count(7)),
        ],
    );
    static OTHER: SiteFacts = site("s", "other", 2, &[]);
    let sites = [&SITE, &OTHER];
    let text = "[services.s]\nhedge = \"off\"\nbulkhead = \"off\"\n[services.s.cache]\nttl = 1\n[services.s.throttle]\n";
    let file = file(text);
    let own = resolve_site(&SITE, &sites, Some(&file), None);
    let call = own.call_policy();
    assert_eq!(call.hedge.expect("the attribute is above the file").max, 2);
    let cache = call.cache.expect("on in both");
    assert_eq!((cache.capacity, cache.ttl.as_secs()), (5, 1));
    assert_eq!(own.service_policy().bulkhead, None);
    let other = resolve_site(&OTHER, &sites, Some(&file), None);
    assert_eq!(other.call_policy().hedge, None);
    assert_eq!(other.call_policy().cache.map(|cache| cache.capacity), Some(1_000));
    assert!(other.service_policy().throttle.is_some());
    let without_file = resolve_service("s", &sites, None, None).service_policy();
    assert_eq!(without_file.bulkhead.expect("one site writes it").max_concurrent, 7);
}
