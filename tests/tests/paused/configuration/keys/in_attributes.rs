//! Every key in an attribute: it acts, or is reported as a finding and shown as without effect, or the compiler refuses it.
//!
//! The functions that are compiled are those of three attributes. The others are `comprehensive_retry` with a kind of service,
//! token for token, which the tests of the macros hold them to; what is said with their templates is compared by the kind.

use std::collections::{BTreeMap, BTreeSet};

use resilience_runtime::config::{SiteExplanation, Source};
use resilience_runtime::policy::Key;
use resilience_runtime::{registry, testing};

use super::CASES;
use super::layers::load;
use super::plain::PLAIN;
use super::refused::{Of, refusal, word};
use super::said::Said;
use super::scenes::Scene;
use super::subject::{Subject, play_with};
use super::words::attribute::ATTRIBUTES;
use super::words::choice::snake;
use super::written::{self, Written};

/// So many services in one world, as the list of findings is bounded.
const AT_ONCE: usize = 12;

/// The scene of a key, and the settings around it.
fn case(key: &str) -> (Scene, &'static str) {
    let case = CASES.iter().find(|case| case.0 == key);
    case.map_or_else(|| panic!("`{key}` has no case"), |case| (case.1, case.2))
}

/// The table of a service with the settings around a key. A file goes before the kind that an attribute says.
fn table(service: &str, key: &str, kind: &str) -> String {
    let kind = if key == "kind" { String::new() } else { format!("kind = '{kind}'") };
    format!("[services.\"{service}\"]\n{kind}\n{}\n", case(key).1)
}

/// The functions of one attribute with a key each, without its kind.
fn functions_of(attribute: &str) -> Vec<Written> {
    written::all().filter(|one| one.of.attribute == attribute).copied().collect()
}

/// Whether an attribute's key is in force at the function, and whether it says what holds without it.
fn in_force(of: Subject, key: &str) -> (bool, bool) {
    let explained = registry().explain(of.service).expect("it is known");
    let own = explained.sites().iter().filter(|site| site.path() == of.path);
    let mut entries = own.flat_map(SiteExplanation::entries).chain(explained.entries());
    let entry = entries.find(|entry| entry.key().path() == key);
    let own =
        entry.filter(|entry| matches!(entry.source(), Source::Inline { .. }) && entry.adjusted().is_none());
    let below = own.and_then(|entry| Some(&entry.hides().first()?.1 == entry.value()));
    (own.is_some(), below == Some(true))
}

/// What is seen without the key, of each attribute.
async fn without(key: &str) -> BTreeMap<&'static str, String> {
    testing::isolated(async {
        load(PLAIN.iter().map(|of| table(of.service, key, "generic"))).expect("valid");
        let mut seen = BTreeMap::new();
        for of in PLAIN.iter().filter(|of| written::all().any(|one| one.of.attribute == of.attribute)) {
            seen.insert(of.attribute, play_with(*of, case(key).0).await);
        }
        seen
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_key_in_an_attribute_acts_or_is_said_not_to() {
    let mut others = BTreeMap::new();
    for case in CASES {
        others.insert(case.0, without(case.0).await);
    }
    let mut faults = Vec::new();
    for attribute in ["comprehensive_retry", "resilient_service", "graceful_degradation"] {
        for some in functions_of(attribute).chunks(AT_ONCE) {
            testing::isolated(async {
                load(some.iter().map(|one| table(one.of.service, one.key, "generic"))).expect("valid");
                let all_said = Said::of(some.iter().map(|one| (one.of, one.key.to_owned())));
                for (Written { key, of }, said) in some.iter().zip(all_said) {
                    let (with, without) = (play_with(*of, case(key).0).await, &others[key][attribute]);
                    let fault = said.fault(with != *without || in_force(*of, key).1);
                    faults.extend(fault.map(|fault| {
                        format!("`{key}` in {attribute}: {fault}\nwith {with}\nwithout {without}")
                    }));
                }
            })
            .await;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn it_does_so_with_the_template_of_each_attribute_that_has_one() {
    let mut faults = Vec::new();
    let all: Vec<_> =
        functions_of("comprehensive_retry").into_iter().filter(|one| one.key != "kind").collect();
    for kind in ATTRIBUTES.iter().filter_map(|attribute| attribute.kind) {
        for some in all.chunks(AT_ONCE) {
            testing::isolated(async {
                load(some.iter().map(|one| table(one.of.service, one.key, &snake(kind)))).expect("valid");
                let all_said = Said::of(some.iter().map(|one| (one.of, one.key.to_owned())));
                for (Written { key, of }, said) in some.iter().zip(all_said) {
                    let fault = said.fault(in_force(*of, key).0);
                    faults.extend(fault.map(|fault| format!("`{key}` with {kind}: {fault}")));
                }
            })
            .await;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_attribute_takes_every_key_or_refuses_it() {
    let all: BTreeSet<String> = Key::ALL.iter().map(|key| key.path()).collect();
    for attribute in ATTRIBUTES.iter().filter(|attribute| attribute.kind.is_none()) {
        let of_it = functions_of(attribute.name);
        let taken: BTreeSet<&str> = of_it.iter().map(|one| one.key).collect();
        for key in &all {
            let refused = refusal(key, Of { retries: attribute.retries, has_kind: false });
            assert_ne!(taken.contains(key.as_str()), refused.is_some(), "`{key}` in {}", attribute.name);
            if let Some(refusal) = refused {
                assert!(is_a_compiler_message(word(key), refusal), "no snapshot says of `{key}`: {refusal}");
            }
        }
    }
}

/// Whether the compiler is known to report that for a wrong program.
fn is_a_compiler_message(key: &str, text: &str) -> bool {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui-tests/fail");
    let files = std::fs::read_dir(folder).expect("the wrong programs");
    let says = |line: &str| line.starts_with(&format!("error: `{key}`")) && line.contains(text);
    files.flatten().any(|file| {
        let path = file.path();
        path.extension().is_some_and(|extension| extension == "stderr")
            && std::fs::read_to_string(path).is_ok_and(|message| message.lines().any(says))
    })
}
