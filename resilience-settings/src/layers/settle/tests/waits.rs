//! A wait that is longer than the deadline of its call.

use std::time::Duration;

use super::secs;
use crate::config::file::FileConfig;
use crate::layers::ground::{resolve_service, resolve_site};
use crate::layers::resolved::Adjustment;
use crate::layers::site_facts::SiteFacts;
use crate::policy::{Key, Value};

#[test]
fn a_written_wait_above_the_deadline_is_a_finding_and_the_default_is_none() {
    let found = |text: &str| {
        let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
        let resolved = resolve_service("s", &[], Some(&file), None);
        let wait = resolved.effective(Key::BulkheadMaxWait).expect("the bulkhead is on").clone();
        assert_eq!(
            resolved.service_policy().bulkhead.map(|of| Value::Duration(of.max_wait)),
            Some(wait.value.clone())
        );
        (resolved.findings().iter().map(ToString::to_string).collect::<Vec<_>>(), wait)
    };
    let (findings, wait) = found("[services.s]\ndeadline = '50ms'\nbulkhead.max_concurrent = 1\n");
    assert_eq!(findings, [] as [&str; 0]);
    let reason = "`deadline` is 50ms (r.toml:2), and no call waits longer";
    assert_eq!(wait.adjusted().map(Adjustment::reason), Some(reason));

    let (findings, wait) = found("[services.s]\ndeadline = '50ms'\nbulkhead.max_wait = '2s'\n");
    let expected = "`s`: `bulkhead.max_wait` 2s (r.toml:3) does not fit, because `deadline` is 50ms (r.toml:2); no call \
                    waits longer than that";
    assert_eq!(findings, [expected]);
    assert_eq!(wait.adjusted().map(Adjustment::reason), Some(reason));
    assert_eq!(wait.value, Value::Duration(secs(2)), "for sites with a longer one");

    for fits in ["deadline = '2s'\nbulkhead.max_wait = '2s'", "deadline = 'off'\nbulkhead.max_wait = '9h'"] {
        let (findings, wait) = found(&format!("[services.s]\n{fits}\n"));
        assert_eq!((findings.len(), wait.adjusted()), (0, None), "{fits}");
    }
}

#[test]
fn a_wait_above_the_deadline_of_one_site_is_found_there() {
    static SITE: SiteFacts = crate::layers::ground::tests::site(
        "s",
        "query",
        7,
        &[(Key::Deadline, Value::Duration(Duration::from_millis(500)))],
    );
    let text = "[services.s]\nrate_limit.max_wait = '1s'\nbulkhead.max_wait = '2s'\n";
    let file = FileConfig::parse(text, "r.toml").expect("loads");
    let of = |resolved: crate::layers::resolved::Resolved| {
        resolved.findings().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of(resolve_service("s", &[&SITE], Some(&file), None)), [] as [&str; 0]);
    let because =
        "does not fit, because `deadline` is 500ms (src/api.rs:7 in query); no call waits longer than that";
    let expected = [
        format!("`s`: `bulkhead.max_wait` 2s (r.toml:3) {because}"),
        format!("`s`: `rate_limit.max_wait` 1s (r.toml:2) {because}"),
    ];
    let found: Vec<String> = of(resolve_site(&SITE, &[&SITE], Some(&file), None));
    assert!(expected.iter().all(|one| found.contains(one)), "{found:?}");
    assert_eq!(
        crate::explain::review::review(&[&SITE], Some(&file), &crate::layers::Updates::default()).len(),
        found.len()
    );
}
