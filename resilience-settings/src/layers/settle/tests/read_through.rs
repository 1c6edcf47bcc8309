//! A cache that answers before the call, beside idempotency keys.

use crate::config::file::FileConfig;
use crate::layers::ground::resolve_site;
use crate::layers::site_facts::SiteFacts;
use crate::policy::{CacheMode, Key, Value};

#[test]
fn a_cache_answers_no_call_with_a_key_before_it_is_made() {
    static SITE: SiteFacts = crate::layers::ground::tests::site(
        "s",
        "charge",
        7,
        &[(Key::Idempotency, Value::Switch(true)), (Key::Cache, Value::Switch(true))],
    );
    let mode = |text: &str| {
        let file = FileConfig::parse(text, "r.toml").expect("loads");
        let resolved = resolve_site(&SITE, &[&SITE], Some(&file), None);
        let messages: Vec<String> = resolved.findings().iter().map(ToString::to_string).collect();
        (resolved.value(Key::CacheMode).cloned(), messages)
    };
    let on_failure = Some(Value::CacheMode(CacheMode::OnFailure));
    for table in ["services.s.cache", "overrides.s.cache", "overrides.\"s@shop::api::charge\".cache"] {
        let (value, messages) = mode(&format!("[{table}]\nmode = 'read_through'\n"));
        assert_eq!(value, on_failure, "{table}");
        assert!(
            messages.iter().any(|message| {
                message.starts_with("`s`: `cache.mode` read_through (")
                    && message.ends_with(
                        "because `idempotency` is true (src/api.rs:7 in charge); on_failure is used",
                    )
            }),
            "{table}: {messages:?}"
        );
    }
    let off = "[services.s.cache]\nmode = 'read_through'\n[overrides.s]\nidempotency = 'off'\n";
    assert_eq!(mode(off).0, Some(Value::CacheMode(CacheMode::ReadThrough)));
}
