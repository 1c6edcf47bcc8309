//! Which keys are said to do nothing, of which sites, and what for.

use crate::config::file::FileConfig;
use crate::explain::explanation::Explanation;
use crate::explain::review::review;
use crate::layers::finding::FindingKind;
use crate::layers::ground::tests::site;
use crate::layers::offers::Offers;
use crate::layers::site_facts::SiteFacts;
use crate::layers::updates::Updates;
use crate::policy::{Key, Patch, Value};

static QUERY: SiteFacts = site("search", "query", 10, &[]);
static ONCE_ONLY: SiteFacts = SiteFacts { degradation_only: true, ..site("search", "guess", 20, &[]) };
static COPIES: SiteFacts = SiteFacts {
    offers: Offers::HEDGE,
    ..site(
        "search",
        "copies",
        30,
        &[(Key::Idempotent, Value::Switch(true)), (Key::Hedge, Value::Switch(true))],
    )
};
static ONE_TRY: SiteFacts = site("search", "one_try", 40, &[(Key::MaxAttempts, Value::Count(1))]);

fn found(sites: &[&SiteFacts], text: &str) -> Vec<String> {
    let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
    let found = review(sites, Some(&file), &Updates::default());
    found.iter().filter(|one| one.kind() == FindingKind::WithoutEffect).map(ToString::to_string).collect()
}

fn explained(sites: &[&SiteFacts], text: &str) -> String {
    let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
    Explanation::new("search", sites, Some(&file), None).to_string()
}

#[test]
fn a_finding_names_key_site_and_reason_and_explain_shows_it() {
    let text = "[services.search.hedge]\nafter = '10ms'\n";
    let told = found(&[&QUERY], text);
    assert_eq!(told.len(), 2, "the clause and its key: {told:#?}");
    assert_eq!(
        told[1],
        "`search`: `hedge.after` (r.toml:2) has no effect in shop::api::query (src/api.rs:10): its body cannot run in copies; \
         write `idempotent = true` and `hedge` in its attribute"
    );
    let text = explained(&[&QUERY], text);
    let marked =
        |line: &&str| line.contains("hedge.after") && line.contains("no effect here: its body cannot");
    assert_eq!(
        text.lines().filter(marked).count(),
        2,
        "of the service, which has no other site, and of the site\n{text}"
    );
}

#[test]
fn what_acts_at_one_site_is_marked_at_the_others_only() {
    let text = "[services.search.hedge]\nafter = '10ms'\n";
    assert_eq!(found(&[&COPIES], text), [""; 0]);
    assert_eq!(found(&[&COPIES, &QUERY], text).len(), 2, "of the one that cannot");
    let text = explained(&[&COPIES, &QUERY], text);
    let marked = |line: &&str| line.contains("no effect here");
    assert_eq!(text.lines().filter(marked).count(), 2, "{text}");
    assert!(
        text.lines().skip_while(|line| !line.contains("shop::api::query")).any(|line| marked(&line)),
        "{text}"
    );
}

#[test]
fn state_that_sites_share_is_for_whoever_can_use_it() {
    let text = "[services.search]\nbudget.ratio = 0.3\nmax_partitions = 9\n";
    let told = found(&[&ONCE_ONLY, &ONE_TRY], text);
    let of = |key: &str| told.iter().filter(|message| message.contains(key)).count();
    assert_eq!((of("budget.ratio"), of("max_partitions")), (1, 1), "told once: {told:#?}");
    assert!(told.iter().all(|message| message.contains("nor at its 1 other call sites")), "{told:#?}");
    let told = found(&[&ONCE_ONLY, &QUERY], "[services.search]\nbudget.ratio = 0.3\n");
    assert_eq!(told, [""; 0]);
}

#[test]
fn what_asks_for_what_happens_anyway_misleads_nobody() {
    let text = "[services.search]\nmax_attempts = 1\nhedge = 'off'\ncache = 'off'\nbudget = 'off'\n";
    assert_eq!(found(&[&ONCE_ONLY], text), [""; 0]);
}

#[test]
fn who_switches_off_in_a_layer_means_it_and_an_attribute_is_out_of_reach() {
    let delays = "[services.search]\nbase_delay = '1s'\nmax_delay = '2s'\n";
    assert_eq!(found(&[&QUERY], &format!("{delays}[overrides.search]\nmax_attempts = 1\n")), [""; 0]);
    let told = found(&[&ONE_TRY], delays);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("`max_attempts` is 1 (src/api.rs:40 in one_try)"), "{told:#?}");
    let text = explained(&[&QUERY], &format!("{delays}[overrides.search]\nmax_attempts = 1\n"));
    assert!(text.contains("no effect here: `max_attempts` is 1 (override, r.toml:5)"), "{text}");
}

#[test]
fn a_slow_call_that_another_layer_ends_before_is_reported() {
    let told = found(
        &[&QUERY],
        "[services.search.breaker]\nslow_call = '3s'\n[overrides.search]\nattempt_timeout = '1s'\n",
    );
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].contains("`breaker.slow_call` (r.toml:2) has no effect: `attempt_timeout` is 1s"),
        "{told:#?}"
    );
    let longer = "[services.search.breaker]\nslow_call = '1s'\n[overrides.search]\nattempt_timeout = '1s'\n";
    assert_eq!(found(&[&QUERY], longer), [""; 0]);
}

#[test]
fn a_budget_that_pays_for_nothing_here_is_marked() {
    let text = "[services.search]\nretry_budget_enabled = false\nbudget.ratio = 0.3\n";
    assert_eq!(found(&[&QUERY], text), [""; 0], "the keys wait for the day that it is on again");
    let text = explained(&[&QUERY], text);
    let marked = "no effect here: `retry_budget_enabled` is false (r.toml:2)";
    assert!(text.lines().any(|line| line.contains("budget.ratio") && line.contains(marked)), "{text}");
    let text = explained(&[&QUERY], "[services.search]\nbudget = 'off'\nretry_budget_enabled = true\n");
    assert!(text.contains("no effect here: `budget` is off"), "{text}");
}

#[test]
fn a_template_is_told_of_when_no_site_of_a_service_can_use_it() {
    let text = "[templates.generic]\ncache.mode = 'read_through'\n";
    assert!(
        found(&[&QUERY, &COPIES], text)
            .iter()
            .any(|told| told.contains("`cache.mode` (template generic, r.toml:2)"))
    );
    let keeps = SiteFacts { offers: Offers::CACHE, ..QUERY.clone() };
    assert_eq!(found(&[&QUERY, &keeps], text), [""; 0]);
}

#[test]
fn a_written_breaker_is_on_whatever_the_attribute() {
    let enabled = |text: &str, update: Option<&Patch>| {
        let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
        let resolved = crate::layers::ground::resolve_site(&ONCE_ONLY, &[&ONCE_ONLY], Some(&file), update);
        resolved.call_policy().circuit_breaker_enabled
    };
    assert!(!enabled("", None), "what is not written is off");
    assert!(!enabled("[templates.generic.breaker]\nmin_calls = 9\n", None), "a template means no service");
    assert!(enabled("[services.search.breaker]\nmin_calls = 9\n", None));
    assert!(enabled("[overrides.search.breaker]\nmin_calls = 9\n", None));
    assert!(enabled("", Some(&Patch::new().breaker_min_calls(9))));
    assert!(!enabled("[services.search]\ncircuit_breaker_enabled = false\nbreaker.min_calls = 9\n", None));
}

#[test]
fn what_happens_when_a_store_is_away_is_for_keys_in_a_store() {
    const KEYS: &[(Key, Value)] = &[(Key::Idempotency, Value::Switch(true))];
    static IN_MEMORY: SiteFacts =
        SiteFacts { offers: Offers::IDEMPOTENCY, ..site("search", "in_memory", 50, KEYS) };
    static IN_STORE: SiteFacts =
        SiteFacts { offers: Offers::IDEMPOTENCY.and(Offers::STORE), ..site("search", "in_store", 60, KEYS) };
    let text = "[services.search.idempotency]\non_unavailable = 'run'\n";
    let told = found(&[&IN_MEMORY, &IN_STORE], text);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("in_memory") && told[0].ends_with("write `store` in its attribute"), "{told:?}");
}
