//! Rules, their tests, panels and the guide go in; each label that they name, and each value that they ask for, has to be one that
//! the page has: a query for another is answered with nothing, and an alert that is one never fires.

use crate::metrics::metrics;
use crate::queries::{grouped, selectors};
use crate::{GUIDE, after, file, queries, rules};

/// What is named in a query, and is nowhere on the page.
fn faults(query: &str) -> Vec<String> {
    let (metrics, selectors) = (metrics(), selectors(query));
    let mut faults = Vec::new();
    for selector in &selectors {
        for matcher in &selector.matchers {
            if !metrics.has(selector.name, matcher.label) {
                faults.push(format!("{} has no label `{}`", selector.name, matcher.label));
                continue;
            }
            let cannot_be = |value: &&&str| !metrics.can_be(selector.name, matcher.label, value);
            let wrong = matcher.values.iter().filter(cannot_be);
            faults.extend(wrong.map(|value| format!("{} is never {value:?}", matcher.label)));
        }
    }
    let has_nobody = |label: &&str| !selectors.iter().any(|selector| metrics.has(selector.name, label));
    faults.extend(grouped(query).into_iter().filter(has_nobody).map(|label| format!("nobody has `{label}`")));
    faults
}

#[track_caller]
fn assert_none(what: &str, query: &str) {
    let faults = faults(query);
    assert!(faults.is_empty(), "{what}: {faults:?} in {query}");
}

#[test]
fn a_label_or_a_value_that_there_is_not_is_found() {
    for (query, fault) in [
        (r#"resilience_calls_total{outcome="succes"}"#, r#"outcome is never "succes""#),
        (r#"resilience_calls_total{outcome=~"success|declinde"}"#, r#"outcome is never "declinde""#),
        (r#"resilience_calls_total{outcome!="retryable"}"#, r#"outcome is never "retryable""#),
        (r#"resilience_calls_total{reason="shed"}"#, "resilience_calls_total has no label `reason`"),
        (r#"resilience_calls_total{le="1"}"#, "resilience_calls_total has no label `le`"),
        ("sum by (reasons) (resilience_rejections_total)", "nobody has `reasons`"),
        ("sum without (outcome) (service:resilience_calls:rate5m)", "nobody has `outcome`"),
        (
            r#"dependency:resilience_calls:rate5m{outcome="success"}"#,
            "dependency:resilience_calls:rate5m has no label `outcome`",
        ),
    ] {
        assert_eq!(faults(query), [fault], "{query}");
    }
    assert_none(
        "right",
        r#"sum by (le) (resilience_call_duration_seconds_bucket{service=~"$service",le="1"})"#,
    );
}

#[test]
fn rules_and_their_tests_ask_for_labels_that_there_are() {
    for rule in
        rules().split("- record: ").flat_map(|part| part.split("- alert: ").map(str::to_owned)).skip(1)
    {
        assert_none("rule", &rule);
        for label in rule.split("$labels.").skip(1) {
            let label: String =
                label.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            assert!(metrics().has("dependency:resilience", &label), "{label} in {rule}");
        }
    }
    for path in ["quiet.yml", "alerts.yml"] {
        let tests = file(&format!("monitoring/prometheus/tests/{path}"));
        for start in ["- series: ", "- expr: ", "- labels: "] {
            assert!(path == "alerts.yml" || after(&tests, start).count() > 2, "{path}: {start}");
            after(&tests, start).for_each(|query| assert_none(path, query));
        }
    }
}

#[test]
fn panels_ask_for_labels_that_there_are_and_show_those_that_they_ask_for() {
    for (panel, queries) in queries() {
        let title = panel["title"].as_str().expect("a title");
        let targets = panel["targets"].as_array().expect("targets");
        let mut labels = Vec::new();
        for (query, target) in queries.iter().zip(targets) {
            assert_none(title, query);
            labels.extend(grouped(query));
            let legend = target["legendFormat"].as_str().unwrap_or_default();
            for shown in legend.split("{{").skip(1).map(|rest| rest.split("}}").next().expect("the end")) {
                assert!(
                    grouped(query).contains(&shown),
                    "{title} shows `{shown}`, which its query leaves out"
                );
            }
        }
        // Colours by the value of a label.
        let words = metrics().words();
        for one in panel["fieldConfig"]["overrides"].as_array().into_iter().flatten() {
            let value = one["matcher"]["options"].as_str().expect("a name");
            let is_value = labels.iter().any(|label| words.get(label).is_some_and(|all| all.contains(value)));
            assert!(is_value || value.starts_with("Value #"), "{title}: {value}");
        }
        for state in
            panel["fieldConfig"]["defaults"]["mappings"][0]["options"].as_object().into_iter().flatten()
        {
            let word = state.1["text"].as_str().expect("a text").replace([' ', '-'], "_");
            assert!(words["state"].contains(word.as_str()), "{title}: {word}");
        }
    }
}

#[test]
fn the_guide_names_labels_that_there_are() {
    assert_none("guide", &file(GUIDE));
}
