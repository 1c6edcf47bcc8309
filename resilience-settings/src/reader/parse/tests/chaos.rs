//! `[chaos]` tables: what they say, and how what is wrong with them is told.

use super::*;
use crate::config::chaos::{ChaosFault, ChaosKey, KEYS, Takes};
use crate::distribution::Distribution;

#[test]
fn a_rule_says_whom_it_hits_with_what_how_often_and_when() {
    let text = "[chaos.slow-db]\ntarget = 'db@shop::load'\npartition = 'blue'\nlatency = 'normal(200ms, 50ms)'\n\
        error = 'timed_out'\nrate = 0.25\ncount = 100\nafter = '10s'\nfor = '5s'\nevery = '1m'\nexpires_after = '1h'\n\
        [chaos]\nstuck = { target = '*', hang = true }\nbang.target = 'db'\nbang.panic = true\n\
        [chaos.shut]\ntarget = 'db'\nreject = 'circuit_open'\n";
    let file = FileConfig::parse(text, "test.toml").expect("good");
    let [slow, stuck, bang, shut] = file.chaos.as_slice() else { panic!("{:?}", file.chaos) };
    let s = Duration::from_secs;
    assert_eq!((slow.name.as_str(), slow.line), ("slow-db", 1));
    assert_eq!((slow.target.as_deref(), slow.partition.as_deref()), (Some("db@shop::load"), Some("blue")));
    assert_eq!(slow.latency, Distribution::parse("normal(200ms, 50ms)"));
    assert_eq!(slow.fault, Some(ChaosFault::Error("timed_out".to_owned())));
    assert_eq!((slow.rate, slow.count), (0.25, Some(100)));
    assert_eq!(
        (slow.after, slow.lasting, slow.every, slow.expires_after),
        (s(10), Some(s(5)), Some(s(60)), Some(s(3_600)))
    );
    assert_eq!((&stuck.fault, stuck.rate), (&Some(ChaosFault::Hang), 1.0));
    assert_eq!(
        (&bang.fault, &shut.fault),
        (&Some(ChaosFault::Panic), &Some(ChaosFault::Reject("circuit_open")))
    );
}

/// Each wrong text with the line of its fault, and a part of what is said of it or of the help for it.
#[test]
fn what_is_wrong_with_a_rule_is_said_with_its_line_and_remedy() {
    for (text, line, part) in [
        ("[chaos.a]\nerror = 'timed_out'\n", 1, "target = \"db\""),
        ("[chaos.a]\ntarget = 'db'\n", 1, "injects nothing"),
        ("[chaos.a]\ntarget = 'db'\nhang = false\n", 1, "injects nothing"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nerror = 'other'\n", 3, "`error`, `hang`"),
        ("[chaos.a]\ntarget = 5\nhang = true\n", 2, "must be a service"),
        ("[chaos.a]\ntarget = ''\nhang = true\n", 2, "must be a service"),
        ("[chaos.a]\ntarget = 'db'\nlatency = '5M'\n", 3, "`latency = \"5m\"`"),
        ("[chaos.a]\ntarget = 'db'\nlatency = 'gauss(1s, 1s)'\n", 3, "lognormal"),
        ("[chaos.a]\ntarget = 'db'\nlatency = 2\n", 3, "`latency = \"2s\"`"),
        ("[chaos.a]\ntarget = 'db'\nreject = 'circuit_opened'\n", 3, "did you mean `circuit_open`"),
        ("[chaos.a]\ntarget = 'db'\nhang = 'yes'\n", 3, "`true` or `false`"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nrate = 20\n", 4, "chaos.a.rate"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nrate = '20%'\n", 4, "0.2"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\ncount = 0\n", 4, "chaos.a.count"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nevery = '1m'\n", 4, "`for = \"10s\"`"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nfor = '1m'\nevery = '30s'\n", 5, "longer than `for`"),
        (
            "[chaos.a]\ntarget = 'db'\nhang = true\nafter = '1h'\nexpires_after = '1h'\n",
            5,
            "longer than `after`",
        ),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nexpiry = '1m'\n", 4, "not a key"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nrates = 0.5\n", 4, "did you mean `rate`"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\nhang = true\n", 4, "duplicate"),
        ("[chaos.a]\ntarget = 'db'\nhang = true\n[chaos.a]\n", 4, "duplicate"),
        ("[chaos]\na = 5\n", 2, "[chaos.a]"),
        ("[chaos]\ntarget = 'db'\n", 2, "[chaos.NAME]"),
        ("[chaos.a]\ntarget = '@load'\nhang = true\n", 2, "`target = \"*@load\"`"),
        ("[chaos.a]\ntarget = 'db@'\nhang = true\n", 2, "`target = \"db\"`"),
        ("[chaos.a]\ntarget = 'db@::load'\nhang = true\n", 2, "`db@shop::load`"),
        ("chaos = true\n", 1, "[chaos.NAME]"),
        ("[[chaos.a]]\ntarget = 'db'\n", 1, "must be a table"),
        ("[choas.a]\ntarget = 'db'\n", 1, "did you mean `chaos`"),
        ("[chaos.'']\ntarget = 'db'\n", 1, "empty name"),
    ] {
        let faults = faults(text);
        let said = |fault: &Fault| format!("{} {}", fault.message(), fault.help().unwrap_or_default());
        let found = faults.iter().find(|fault| fault.line() == line && said(fault).contains(part));
        assert!(
            found.is_some(),
            "{text}: {:?}",
            faults.iter().map(|one| (one.line(), said(one))).collect::<Vec<_>>()
        );
    }
}

#[test]
fn there_are_at_most_64_rules_with_short_names() {
    let rule = |at| format!("[chaos.r{at}]\ntarget = 'db'\nhang = true\n");
    let rules = (0..65).map(rule).collect::<Vec<String>>().concat();
    assert!(
        faults(&rules).iter().any(|fault| fault.line() == 193 && fault.message().contains("one too many"))
    );
    let long = format!("[chaos.{}]\ntarget = 'db'\nhang = true\n", "n".repeat(101));
    assert!(faults(&long)[0].message().contains("101 bytes"));
}

/// A key of the table that nothing reads would be accepted and do nothing.
#[test]
fn every_key_changes_the_rule() {
    let bare = "[chaos.a]\ntarget = 'db'\nhang = true\n";
    let of = |text: &str| FileConfig::parse(text, "test.toml").expect(text).chaos.remove(0);
    for ChaosKey { name: key, takes, .. } in KEYS {
        let value = match (takes, *key) {
            (_, "hang") | (Takes::Target, _) => continue,
            (Takes::Value(Shape::Switch), _) => "true",
            (Takes::Value(Shape::Number { .. }), _) => "0.5",
            (Takes::Value(Shape::Count { .. }), _) => "5",
            (Takes::Value(_), "every") => "'1m'\nfor = '1s'",
            (Takes::Value(_) | Takes::Latency, _) => "'1s'",
            (Takes::Text(_), _) => "'other'",
            (Takes::Rejection, _) => "'shed'",
        };
        let fault = if ["panic", "error", "reject"].contains(key) { "" } else { "hang = true\n" };
        let with = of(&format!("[chaos.a]\ntarget = 'db'\n{fault}{key} = {value}\n"));
        assert!(!with.is_same(&of(bare)), "{key}");
        assert!(with.said().iter().any(|(said, _)| said == key), "{key} is not told: {:?}", with.said());
    }
}
