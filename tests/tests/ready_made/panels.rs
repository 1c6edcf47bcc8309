//! The dashboard for Grafana goes in; every metric has to be in one of its panels, by itself or by what is recorded of it, or
//! to be left out by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::metrics::{OF_CHAOS, metrics};
use crate::queries::selectors;
use crate::{GUIDE, dashboard, file, queries, rules};

/// What no panel shows, and why.
const LEFT_OUT: [(&str, &str); 2] = [
    ("resilience_dependency_info", "always 1, to be joined with the others: a panel of it shows nothing"),
    (OF_CHAOS, "only programs that are built for a rehearsal have it, and their page says what is armed"),
];

/// Every name in the query, with what those are recorded of.
fn asked(query: &str, recorded: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for selector in selectors(query) {
        match recorded.get(selector.name) {
            Some(of) => asked.extend(self::asked(of, recorded)),
            None => {
                asked.insert(selector.name.trim_end_matches("_bucket").to_owned());
            }
        }
    }
    asked
}

#[test]
fn every_metric_is_in_a_panel_or_left_out_with_a_reason() {
    let rules = rules();
    let recorded = rules.split("- record: ").skip(1).filter_map(|rule| {
        let (name, query) = rule.split("- alert: ").next()?.split_once('\n')?;
        Some((name.to_owned(), query.split("\n\n").next()?.to_owned()))
    });
    let recorded: BTreeMap<_, _> = recorded.collect();
    assert!(recorded.len() > 10);
    let shown: BTreeSet<_> =
        queries().iter().flat_map(|(_, queries)| queries).flat_map(|query| asked(query, &recorded)).collect();
    let left_out: BTreeSet<_> = LEFT_OUT.iter().map(|(name, _)| *name).collect();
    let missing: Vec<_> =
        metrics().names().filter(|name| !shown.contains(*name) && !left_out.contains(name)).collect();
    assert!(missing.is_empty(), "in no panel: {missing:?}");
    let both: Vec<_> = left_out.iter().filter(|name| shown.contains(**name)).collect();
    assert!(both.is_empty(), "left out, and in a panel: {both:?}");
}

#[test]
fn the_guide_says_what_each_row_of_the_dashboard_is_for() {
    let (dashboard, guide) = (dashboard(), file(GUIDE));
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let rows: Vec<_> =
        panels.filter(|panel| panel["type"] == "row").filter_map(|row| row["title"].as_str()).collect();
    assert!(rows.len() > 4);
    for row in rows {
        assert!(guide.contains(&format!("\n| {row} |")), "{row}");
    }
}
