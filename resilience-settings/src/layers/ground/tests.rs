//! The order of the layers, one step at a time, and what happens where call sites disagree.

use std::time::Duration;

use super::*;
use crate::layers::finding::FindingKind;
use crate::policy::Mode;

mod clauses;

pub(crate) const fn site(
    service: &'static str,
    function: &'static str,
    line: u32,
    inline: &'static [(Key, Value)],
) -> SiteFacts {
    SiteFacts {
        service,
        module: "shop::api",
        function,
        place: crate::layers::site_facts::nowhere,
        file: "src/api.rs",
        line,
        inline,
        degradation_only: false,
        scope: None,
        offers: crate::layers::offers::Offers::NONE,
    }
}

fn file(text: &str) -> FileConfig {
    FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn call_keys_climb_the_layers_in_order() {
    static SITE: SiteFacts = site(
        "s",
        "query",
        7,
        &[(Key::Kind, Value::Kind(ServiceKind::HttpApi)), (Key::MaxAttempts, Value::Count(14))],
    );
    let steps = [
        ("", 14, "src/api.rs:7 in query"),
        (
            "[templates.http_api]\nmax_attempts = 12\n[services.s]\nmax_attempts = 13\n",
            14,
            "src/api.rs:7 in query",
        ),
        ("[overrides.s]\nmax_attempts = 16\n", 16, "override, r.toml:2"),
        (
            "[overrides.s]\nmax_attempts = 16\n[overrides.\"s@shop::api::query\"]\nmax_attempts = 17\n",
            17,
            "override, r.toml:4",
        ),
    ];
    for (text, attempts, source) in steps {
        let file = file(text);
        let resolved = resolve_site(&SITE, &[&SITE], Some(&file), None);
        assert_eq!(resolved.call_policy().max_attempts, attempts, "{text}");
        assert_eq!(resolved.effective(Key::MaxAttempts).expect("set").source().to_string(), source);
    }
    let update = Patch::new().max_attempts(15);
    let updated = resolve_site(&SITE, &[&SITE], None, Some(&update));
    assert_eq!(updated.call_policy().max_attempts, 15);
    let all = file(
        "[templates.http_api]\nmax_attempts = 12\n[services.s]\nmax_attempts = 13\n[overrides.s]\nmax_attempts = 16\n",
    );
    let resolved = resolve_site(&SITE, &[&SITE], Some(&all), Some(&update));
    let effective = resolved.effective(Key::MaxAttempts).expect("set");
    let hidden: Vec<String> =
        effective.hides().iter().map(|(source, value)| format!("{value} {source}")).collect();
    assert_eq!(
        hidden,
        [
            "15 run-time update",
            "14 src/api.rs:7 in query",
            "13 r.toml:4",
            "12 template http_api, r.toml:2",
            "4 built-in template http_api",
            "3 built-in default",
        ]
    );
}

#[test]
fn service_keys_of_attributes_stand_below_the_file_and_above_its_templates() {
    static SITE: SiteFacts =
        site("s", "query", 7, &[(Key::OpenFor, Value::Duration(Duration::from_secs(2)))]);
    let open_for = |text: &str| {
        let file = file(text);
        let policy = resolve_service("s", &[&SITE], Some(&file), None).service_policy();
        policy.breaker.expect("on").open_for.as_secs()
    };
    assert_eq!(open_for("[services.s]\ntemplate = \"ai_service\"\n"), 2);
    assert_eq!(open_for("[templates.t.breaker]\nopen_for = 1\n[services.s]\ntemplate = \"t\"\n"), 2);
    assert_eq!(open_for("[services.s.breaker]\nopen_for = 3\n"), 3);
    assert_eq!(open_for("[services.s.breaker]\nopen_for = 3\n[overrides.s.breaker]\nopen_for = 4\n"), 4);
}

#[test]
fn one_site_does_not_see_the_call_keys_of_another() {
    static ONE: SiteFacts = site("s", "one", 1, &[(Key::MaxAttempts, Value::Count(9))]);
    static TWO: SiteFacts = site("s", "two", 2, &[]);
    let sites = [&ONE, &TWO];
    assert_eq!(resolve_site(&ONE, &sites, None, None).call_policy().max_attempts, 9);
    assert_eq!(resolve_site(&TWO, &sites, None, None).call_policy().max_attempts, 3);
    assert_eq!(resolve_service("s", &sites, None, None).call_policy().max_attempts, 3);
}

#[test]
fn a_template_of_the_file_replaces_that_of_the_kind() {
    static SITE: SiteFacts = site("s", "query", 7, &[(Key::Kind, Value::Kind(ServiceKind::Cache))]);
    let attempts = |text: &str| {
        let file = file(text);
        let resolved = resolve_site(&SITE, &[&SITE], Some(&file), None);
        (resolved.call_policy().max_attempts, resolved.service_policy().kind)
    };
    assert_eq!(attempts(""), (2, ServiceKind::Cache));
    assert_eq!(attempts("[services.s]\ntemplate = \"ai_service\"\n"), (5, ServiceKind::Cache));
    // One without `extends` stands on the defaults.
    assert_eq!(
        attempts("[services.s]\ntemplate = \"t\"\n[templates.t]\njitter = 0.1\n"),
        (3, ServiceKind::Cache)
    );
    let extended = "[services.s]\ntemplate = \"t\"\n[templates.t]\nextends = \"u\"\n[templates.u]\nextends = \"ai_service\"\n";
    assert_eq!(attempts(extended), (5, ServiceKind::Cache));
    // One with a built-in name lies over it wherever it is used.
    assert_eq!(attempts("[templates.cache]\nmax_attempts = 8\n"), (8, ServiceKind::Cache));
    assert_eq!(
        attempts(&format!("{extended}[templates.ai_service]\nmax_attempts = 6\n")),
        (6, ServiceKind::Cache)
    );
    // A kind of the file chooses the template too.
    assert_eq!(attempts("[services.s]\nkind = \"http_api\"\n"), (4, ServiceKind::HttpApi));
}

#[test]
fn sites_that_disagree_decide_nothing_and_are_named() {
    static ONE: SiteFacts = site(
        "s",
        "one",
        1,
        &[(Key::MinCalls, Value::Count(5)), (Key::Kind, Value::Kind(ServiceKind::Cache))],
    );
    static TWO: SiteFacts = site(
        "s",
        "two",
        2,
        &[(Key::MinCalls, Value::Count(6)), (Key::Kind, Value::Kind(ServiceKind::Database))],
    );
    let resolved = resolve_service("s", &[&ONE, &TWO], None, None);
    let policy = resolved.service_policy();
    assert_eq!((policy.breaker.expect("on").min_calls, policy.kind), (20, ServiceKind::Generic));
    let found: Vec<(FindingKind, &str)> =
        resolved.findings().iter().map(|f| (f.kind(), f.message())).collect();
    assert_eq!(
        found,
        [
            (
                FindingKind::ConflictingKinds,
                "`s`: `kind` is `cache` at src/api.rs:1 in one and `database` at src/api.rs:2 in two; neither counts, the \
                 file or the template decides"
            ),
            (
                FindingKind::ConflictingInline,
                "`s`: `breaker.min_calls` is `5` at src/api.rs:1 in one and `6` at src/api.rs:2 in two; neither counts, \
                 the file or the template decides"
            ),
        ]
    );
    let file = file("[services.s.breaker]\nmin_calls = 7\n");
    let decided = resolve_service("s", &[&ONE, &TWO], Some(&file), None).service_policy();
    assert_eq!(decided.breaker.expect("on").min_calls, 7);
}

#[test]
fn a_global_mode_stands_for_the_default_and_gives_way_to_everybody_else() {
    static WRITES: SiteFacts = site("s", "query", 1, &[(Key::Mode, Value::Mode(Mode::Enforce))]);
    static SILENT: SiteFacts = site("s", "query", 1, &[]);
    let mode = |facts: &'static SiteFacts, text: &str, update: Option<Patch>| {
        let file = file(&format!("[global]\nmode = 'observe'\n{text}"));
        let resolved = resolve_service("s", &[facts], Some(&file), update.as_ref());
        let source = resolved.effective(Key::Mode).expect("built in").source().to_string();
        (resolved.service_policy().mode, source)
    };
    let (observe, enforce) = (Mode::Observe, Mode::Enforce);
    assert_eq!(mode(&SILENT, "", None), (observe, "[global], r.toml:2".to_owned()));
    let template = "[templates.t]\nmode = 'enforce'\n[services.s]\ntemplate = 't'\n";
    assert_eq!(mode(&SILENT, template, None).0, enforce);
    assert_eq!(mode(&WRITES, "", None).0, enforce);
    assert_eq!(mode(&SILENT, "[services.s]\nmode = 'Enforce'\n", None).0, enforce);
    assert_eq!(mode(&SILENT, "", Some(Patch::new().mode(enforce))).0, enforce);
    let over = "[overrides.s]\nmode = 'observe'\n";
    assert_eq!(
        mode(&WRITES, over, Some(Patch::new().mode(enforce))),
        (observe, "override, r.toml:4".to_owned())
    );
}

#[test]
fn a_clause_that_is_written_is_on() {
    static OFF: SiteFacts = site("s", "query", 1, &[(Key::Breaker, Value::Off), (Key::Budget, Value::Off)]);
    let policy = |text: &str, update: Option<Patch>| {
        let file = file(text);
        let policy = resolve_service("s", &[&OFF], Some(&file), update.as_ref()).service_policy();
        (policy.breaker.is_some(), policy.budget.is_some())
    };
    assert_eq!(policy("", None), (false, false));
    assert_eq!(policy("[services.s.breaker]\n", None), (true, false));
    assert_eq!(policy("[services.s.budget]\ncost = 2\n", None), (false, true));
    assert_eq!(policy("", Some(Patch::new().breaker_min_calls(3))), (true, false));
    assert_eq!(
        policy("[overrides.s]\nbreaker = \"off\"\n", Some(Patch::new().breaker_min_calls(3))),
        (false, false)
    );
    assert_eq!(policy("[services.s]\nbudget = true\n", None), (false, true));
}

#[test]
fn two_sites_of_which_one_switches_a_clause_off_disagree() {
    static OFF: SiteFacts = site("s", "off", 1, &[(Key::Breaker, Value::Off)]);
    static ON: SiteFacts = site("s", "on", 2, &[(Key::MinCalls, Value::Count(5))]);
    let resolved = resolve_service("s", &[&OFF, &ON], None, None);
    assert_eq!(resolved.findings()[0].kind(), FindingKind::ConflictingInline);
    assert_eq!(resolved.service_policy().breaker.expect("the default is on").min_calls, 5);
}

#[test]
fn a_value_that_does_not_fit_its_key_is_left_out_and_reported() {
    static SITE: SiteFacts = site("s", "query", 1, &[(Key::MaxAttempts, Value::Count(0))]);
    let resolved = resolve_site(&SITE, &[&SITE], None, None);
    assert_eq!(resolved.call_policy().max_attempts, 3);
    assert_eq!(resolved.findings()[0].kind(), FindingKind::Refused);
}
