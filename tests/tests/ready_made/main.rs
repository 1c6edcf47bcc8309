//! The files of the folder `monitoring` go in, and what can be said of them without a server comes out: they speak of metrics
//! and labels that there are, of panels that Grafana still has, and of sections that the guide has; and the guide has a way
//! from whatever a program says of itself. `checks/prometheus` does the rest.

mod guide;
mod labels;
mod metrics;
mod panels;
mod queries;
mod words_of_the_page;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use self::metrics::metrics;

/// The guide that leads from a symptom to its cause.
const GUIDE: &str = "resilience-runtime/docs/reading_the_dashboard.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn file(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

fn rules() -> String {
    file("monitoring/prometheus/recording.yml") + &file("monitoring/prometheus/alerts.yml")
}

fn dashboard() -> Value {
    serde_json::from_str(&file("monitoring/grafana/resilience.json")).expect("JSON")
}

/// The panels that ask something, with the queries of each.
fn queries() -> Vec<(Value, Vec<String>)> {
    let dashboard = dashboard();
    let panels =
        dashboard["panels"].as_array().expect("panels").iter().filter(|panel| panel["type"] != "row");
    let queries = |panel: &Value| -> Vec<String> {
        let targets = panel["targets"].as_array().expect("targets").iter();
        targets.map(|target| target["expr"].as_str().expect("a query").to_owned()).collect()
    };
    panels.map(|panel| (panel.clone(), queries(panel))).collect()
}

/// What a text says after the words, once for each time they start a line.
fn after<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim_start().strip_prefix(words))
}

/// The names of our metrics and of what is recorded of them.
fn names(text: &str) -> BTreeSet<&str> {
    let tokens = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    tokens
        .filter(|token| token.starts_with("resilience_") || token.contains(":resilience_"))
        .filter(|token| *token != "resilience_runtime")
        .collect()
}

#[test]
fn every_metric_that_is_named_is_on_the_page_or_recorded() {
    let mut known = metrics().series();
    let rules = rules();
    known.extend(after(&rules, "- record: ").map(str::to_owned));
    let asked = queries().into_iter().flat_map(|(_, queries)| queries).collect::<Vec<_>>().join("\n");
    for (what, text) in [
        ("rules", rules.as_str()),
        ("dashboard", &asked),
        (
            "tests",
            &(file("monitoring/prometheus/tests/quiet.yml")
                + &file("monitoring/prometheus/tests/alerts.yml")),
        ),
        ("guide", &file(GUIDE)),
    ] {
        let names = names(text);
        assert!(!names.is_empty(), "{what}");
        let unknown: Vec<_> = names.iter().filter(|name| !known.contains(**name)).collect();
        assert!(unknown.is_empty(), "{what}: {unknown:?}");
    }
}

#[test]
fn the_success_formula_is_written_once() {
    let formula = "outcome=~\"success|degraded|declined\"";
    assert_eq!(rules().matches(formula).count(), 1);
    assert_eq!(file("monitoring/prometheus/alerts.yml").matches(formula).count(), 0);
    for (panel, queries) in queries() {
        assert!(queries.iter().all(|query| !query.contains("declined")), "{}", panel["title"]);
    }
}

/// The same as the page of the program has, which a test on tokio's clock compares.
#[test]
fn the_retry_rate_is_retries_by_calls_wherever_it_is_shown() {
    let rules = rules();
    let (_, rule) =
        rules.split_once("- record: dependency:resilience_retries:ratio_rate5m").expect("the rule");
    let rule = rule.split("\n\n").next().expect("its end").split_whitespace().collect::<Vec<_>>().join(" ");
    let asks = "(rate(resilience_attempts_total{attempt_type=\"retry\"}[5m])) / (dependency:resilience_calls:rate5m > 0)";
    assert!(rule.ends_with(asks), "{rule}");
    assert_eq!(rules.matches("attempt_type=").count(), 1);
    for (panel, queries) in queries() {
        for query in queries.iter().filter(|query| query.contains("attempt_type=")) {
            let (_, by) = query.split_once("\n  / ").unwrap_or_else(|| panic!("{}: {query}", panel["title"]));
            assert!(by.contains("rate(resilience_calls_total{"), "{}: {query}", panel["title"]);
        }
    }
    let guide = file(GUIDE).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(guide.contains("*Retry rate* is retries ÷ calls that ended"));
}

#[test]
fn every_alert_leads_to_a_section_of_the_guide_and_has_a_test_in_which_it_fires() {
    let alerts_text = file("monitoring/prometheus/alerts.yml");
    let tests = file("monitoring/prometheus/tests/alerts.yml");
    let guide = file(GUIDE);
    let sections = guide::sections(&guide);
    let alerts: Vec<_> = alerts_text.split("- alert: ").skip(1).collect();
    assert_eq!(alerts.len(), 8);
    for alert in alerts {
        let name = alert.lines().next().expect("a name");
        let url = after(alert, "runbook_url: ").next().expect("a runbook");
        let (page, section) = url.split_once('#').expect("a section");
        assert_eq!(
            page, "https://docs.rs/resilience-runtime/latest/resilience_runtime/reading_the_dashboard/",
            "{name}"
        );
        assert!(sections.contains(section), "{name}: {section}");
        assert!(guide.contains(&format!("`{name}`")), "{name}");
        assert!(
            after(alert, "severity: ").next().is_some_and(|severity| ["page", "ticket"].contains(&severity))
        );
        assert!(alert.contains(">= 0.1"), "{name} is silent where there are hardly any calls");
        let fires = format!("alertname: {name}\n        exp_alerts:\n          - exp_labels:");
        assert!(tests.contains(&fires), "{name}");
    }
}

#[test]
fn the_dashboard_has_panels_that_grafana_draws() {
    let dashboard = dashboard();
    assert!(dashboard["schemaVersion"].as_u64().is_some_and(|version| version >= 39));
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().expect("an id")).collect();
    assert_eq!(ids.len(), panels.len(), "an id is there twice");
    let alive = ["row", "stat", "table", "timeseries", "state-timeline", "heatmap"];
    let mut places = BTreeSet::new();
    for panel in panels {
        let title = panel["title"].as_str().expect("a title");
        assert!(panel["type"].as_str().is_some_and(|kind| alive.contains(&kind)), "{title}");
        let place = |name: &str| panel["gridPos"][name].as_u64().expect("a place");
        assert!(place("x") + place("w") <= 24, "{title} is too wide");
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(places.insert((x, y)), "{title} lies on another panel");
            }
        }
    }
    assert!(queries().len() > 25);
    for (panel, queries) in queries() {
        let title = &panel["title"];
        assert!(
            !queries.is_empty() && panel["description"].as_str().is_some_and(|text| !text.is_empty()),
            "{title}"
        );
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        for query in queries {
            assert!(query.contains("service=~\"$service\""), "{title} shows services that were not chosen");
            assert!(!query.contains("[5m]"), "{title} shows other than what is on the screen");
        }
    }
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    let variables: Vec<_> = variables.iter().filter_map(|variable| variable["name"].as_str()).collect();
    assert_eq!(variables, ["datasource", "service", "dependency"]);
}
