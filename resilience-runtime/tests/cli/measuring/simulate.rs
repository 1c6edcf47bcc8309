//! `resilience simulate`: what it plays, for whom, and what it refuses.

use std::fs;

use crate::resilience::{resilience, resilience_in};

#[test]
fn a_scenario_is_played_as_a_table_a_picture_and_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (svg, csv) = (path("out.svg"), path("out.csv"));
    let said = resilience(&["simulate", "layers", "--quick", "--plot", &svg, "--csv", &csv]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("plain retries") && said.out.contains("243"), "{said:?}");
    assert!(said.out.contains("\nverdict\n") && said.out.contains("\nlimits\n"), "{said:?}");
    assert!(fs::read_to_string(svg).expect("written").starts_with("<svg"));
    let csv = fs::read_to_string(csv).expect("written");
    assert!(csv.starts_with("policy,layers,requests per call\nplain retries,1,3\n"), "{csv}");
}

#[test]
fn the_same_seed_says_the_same_to_programs() {
    let play = |seed: &str| resilience(&["simulate", "herd", "--quick", "--json", "--seed", seed]);
    let (first, again, other) = (play("3"), play("3"), play("4"));
    assert_eq!(first.out, again.out);
    assert_ne!(first.out, other.out);
    let json = first.json();
    assert_eq!((json["scenario"].as_str(), json["seed"].as_u64()), (Some("herd"), Some(3)));
    assert_eq!(json["rows"][0].as_array().map(Vec::len), json["columns"].as_array().map(Vec::len));
}

#[test]
fn a_service_of_a_file_is_played_in_its_own_time() {
    let file = "[services.db]\nattempt_timeout = \"400ms\"\nmax_attempts = 2\nbudget = false\nbreaker = false\nbase_delay = 0\n\
                cache = { ttl = \"5s\" }\n";
    let from = |service| ["simulate", "layers", "--quick", "--json", "--config", "-", "--service", service];
    let said = resilience_in(&[], file, &from("db"));
    assert_eq!(said.code, 0, "{said:?}");
    let json = said.json();
    assert_eq!(json["unit_seconds"].as_f64(), Some(0.4));
    assert!(json["ignored"][0].as_str().is_some_and(|line| line.starts_with("cache")), "{said:?}");
    let rows = json["rows"].as_array().expect("rows");
    let of_user = |layers: f64| {
        let is_it =
            |row: &&serde_json::Value| row[0] == "db of standard input" && row[1].as_f64() == Some(layers);
        rows.iter().find(is_it).and_then(|row| row[2].as_f64())
    };
    assert_eq!(of_user(2.0), Some(4.0), "two attempts in each layer, and nothing that bounds them");
    let said = resilience_in(&[], file, &from("cache"));
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn keys_without_effect_are_listed_by_reason_and_a_policy_that_only_observes_is_told() {
    let file = "[services.db]\nmode = \"observe\"\nidempotent = true\nhedge = { after = \"1s\", max = 2 }\n";
    let play = ["simulate", "layers", "--quick", "--config", "-", "--service", "db"];
    let said = resilience_in(&[], file, &play).out;
    assert!(said.contains("\n  hedge, hedge.after, hedge.max: no effect here: a handle"), "{said}");
    assert_eq!(said.matches("a handle runs no copies").count(), 1, "{said}");
    assert!(said.replace("\n  ", " ").contains("`db of standard input` only observes: "), "{said}");
}

#[test]
fn what_cannot_be_played_is_told_with_what_can() {
    let said = resilience(&["simulate", "metastabel"]);
    assert!(said.err.contains("metastable") && said.code == 2, "{said:?}");
    let short = "[services.db]\nattempt_timeout = \"500us\"\n";
    let said = resilience_in(&[], short, &["simulate", "layers", "--config", "-", "--service", "db"]);
    assert!(said.err.contains("is 500us (standard input:2)") && said.err.contains("20ms"), "{said:?}");
    assert_eq!(said.code, 2, "{said:?}");
    let said = resilience(&["simulate"]);
    assert!(said.out.contains("recovery") && said.code == 0, "{said:?}");
}
