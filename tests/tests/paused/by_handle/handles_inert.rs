//! What a handle and `resilient_call` are told and cannot do: hedging, caching and idempotency keys are a finding that says so, and
//! shown as without effect, whichever layer asks for them.

use std::time::Duration;

use resilience_runtime::config::FindingKind;
use resilience_runtime::policy::{CacheMode, HedgeAfter, OnUnavailable};
use resilience_runtime::{Patch, Priority, Resilient, ServiceKind, registry, resilient_call, testing};

use crate::script::{Answer, Script};

/// Each setter of the three clauses, with the key that it sets and what the code would have to say.
fn setters() -> Vec<(&'static str, Patch, &'static str)> {
    let (copies, answers) = ("a handle runs no copies", "a handle keeps no answers");
    let keys = "a handle has no keys";
    let after = HedgeAfter::Fixed(Duration::from_millis(10));
    let second = Duration::from_secs(1);
    vec![
        ("hedge", Patch::new().hedge(true), copies),
        ("hedge.after", Patch::new().hedge_after(after), copies),
        ("hedge.max", Patch::new().hedge_max(2), copies),
        ("cache", Patch::new().cache(true), answers),
        ("cache.ttl", Patch::new().cache_ttl(second), answers),
        ("cache.stale_for", Patch::new().cache_stale_for(second), answers),
        ("cache.capacity", Patch::new().cache_capacity(7), answers),
        ("cache.mode", Patch::new().cache_mode(CacheMode::ReadThrough), answers),
        ("idempotency", Patch::new().idempotency(true), keys),
        ("idempotency.ttl", Patch::new().idempotency_ttl(second), keys),
        ("idempotency.lease", Patch::new().idempotency_lease(second), keys),
        ("idempotency.wait", Patch::new().idempotency_wait(Some(second)), keys),
        ("idempotency.on_unavailable", Patch::new().idempotency_on_unavailable(OnUnavailable::Run), keys),
    ]
}

/// What is said of a key of `by_handle_alone`: the reasons in the findings, and whether it is shown as without effect.
fn said(key: &str) -> (Vec<String>, bool) {
    let findings = registry().findings();
    let about = findings.iter().filter(|finding| {
        finding.kind() == FindingKind::WithoutEffect
            && finding.service() == "by_handle_alone"
            && finding.message().contains(&format!("`{key}` ("))
    });
    let explained = registry().explain("by_handle_alone").expect("called").to_string();
    let is_marked =
        |line: &str| line.split_whitespace().next() == Some(key) && line.contains("no effect here: ");
    (about.map(|finding| finding.message().to_owned()).collect(), explained.lines().any(is_marked))
}

fn assert_said(key: &str, reason: &str, by: &str) {
    let (findings, is_marked) = said(key);
    assert_eq!(findings.len(), 1, "{by}: {key}: {findings:#?}");
    assert!(findings[0].contains("has no effect in") && findings[0].contains(reason), "{by}: {findings:#?}");
    assert!(is_marked, "{by}: {key}\n{}", registry().explain("by_handle_alone").expect("called"));
}

#[tokio::test(start_paused = true)]
async fn clauses_of_functions_at_a_handle_are_found_and_marked() {
    for (key, patch, reason) in setters() {
        testing::isolated(async {
            let handle =
                Resilient::service("by_handle_alone").settings(&patch).priority(Priority::High).build();
            let script = Script::new([Answer(1)]);
            assert_eq!(handle.call(|| script.step()).await, Ok(1));
            assert_eq!(script.asked().len(), 1, "{key}: no copy");
            assert_said(key, reason, "the handle itself");
        })
        .await;
        testing::isolated(async {
            let handle = Resilient::service("by_handle_alone").build();
            let script = Script::new([Answer(1)]);
            assert_eq!(handle.call(|| script.step()).await, Ok(1));
            registry().update_service("by_handle_alone", &patch).expect("known");
            assert_said(key, reason, "an update");
            registry().clear_update("by_handle_alone");
            assert_eq!(said(key), (Vec::new(), false), "{key}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn clauses_of_functions_at_the_short_form_are_found_and_marked() {
    for (key, patch, reason) in setters() {
        testing::isolated(async {
            let script = Script::new([Answer(1)]);
            let body = || script.step();
            assert_eq!(resilient_call("by_handle_alone", ServiceKind::Generic, body).await, Ok(1));
            registry().update_service("by_handle_alone", &patch).expect("known");
            assert_said(key, reason, "an update");
        })
        .await;
    }
    testing::isolated(async {
        let script = Script::new([Answer(1)]);
        assert_eq!(resilient_call("by_handle_alone", ServiceKind::Generic, || script.step()).await, Ok(1));
        let text = "[services.by_handle_alone]\nhedge.after = '10ms'\ncache.mode = 'read_through'\n";
        registry().load_config(text, "r.toml").expect("valid");
        assert_said("hedge.after", "a handle runs no copies", "a file");
        assert_said("cache.mode", "a handle keeps no answers", "a file");
    })
    .await;
}
