//! Every key, on functions of every attribute, in every layer: it has an effect, or is refused, or is reported as a
//! finding that names key, site and reason and shown as without effect. Never two of these.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use resilience_runtime::config::{FindingKind, Source};
use resilience_runtime::policy::Key;
use resilience_runtime::{
    Patch, comprehensive_retry, graceful_degradation, registry, resilient_service, retry_ai_service,
    retry_cache, retry_database, retry_http_api, retry_message_queue, retry_microservice, testing,
};

use super::scenes::Scene;
use super::subject::{Subject, body, play_with, service};
use super::written::{self, Written};
use super::{CASES, join};
use crate::script::{Fault, Script, secs};

macro_rules! plain {
    ($($attribute:ident $service:literal),+ $(,)?) => {
        /// A function for each attribute, with only a service.
        const PLAIN: &[Subject] = &[$(Subject {
            attribute: stringify!($attribute),
            service: $service,
            path: concat!(module_path!(), "::plain::", stringify!($attribute)),
            call: |script| Box::pin(plain::$attribute(script)),
        }),+];

        mod plain {
            use super::*;
            $(
                #[$attribute($service)]
                pub(super) async fn $attribute(script: &Script) -> Result<u32, Fault> {
                    body(script).await
                }
            )+
        }
    };
}

plain! {
    comprehensive_retry "plain_retry",
    graceful_degradation "plain_degradation",
    resilient_service "plain_service",
    retry_ai_service "plain_ai",
    retry_database "plain_database",
    retry_cache "plain_cache",
    retry_http_api "plain_http",
    retry_message_queue "plain_queue",
    retry_microservice "plain_microservice",
}

#[derive(Clone, Copy, Debug)]
enum Layer {
    File,
    Update,
    Override,
}

fn load(text: &str) {
    registry().load_config(text, "walk.toml").unwrap_or_else(|error| panic!("{error}\n{text}"));
}

/// The values of a service as a file has them.
fn patch(of: Subject, setting: &str) -> Patch {
    load(&format!("[services.{}]\n{setting}\n", of.service));
    let explained = registry().explain(of.service).expect("the file has it");
    let in_file = explained.entries().iter().map(|entry| {
        let hidden = entry.hides().iter().find(|(source, _)| matches!(source, Source::File { .. }));
        let own = matches!(entry.source(), Source::File { .. }).then(|| entry.value().clone());
        Some((entry.key(), hidden.map(|(_, value)| value.clone()).or(own)?))
    });
    in_file.flatten().collect()
}

/// Sets a key in this layer.
fn configure(of: Subject, layer: Layer, around: &str, setting: &str) {
    // A key of the clause implies that already, and TOML allows only one of the two.
    let around = if setting.starts_with("attempt_timeout.") {
        around.replace("attempt_timeout = 'adaptive'", "")
    } else {
        around.to_owned()
    };
    let around = format!("[services.{}]\n{around}\n", of.service);
    match layer {
        Layer::File => load(&format!("{around}{setting}\n")),
        Layer::Override => load(&format!("{around}[overrides.{}]\n{setting}\n", of.service)),
        Layer::Update => {
            let patch = patch(of, setting);
            load(&around);
            registry().update_service(of.service, &patch).expect("a good value");
        }
    }
}

/// What is reported about a key at a function: whether there is a finding, and whether it is shown as without effect.
fn said(of: Subject, key: &str) -> (bool, bool) {
    let is_about = |text: &str| text.contains(&format!("`{key}` (")) && text.contains(of.path);
    let found = registry().findings().into_iter().any(|finding| {
        let is_one = finding.kind() == FindingKind::WithoutEffect && is_about(finding.message());
        is_one && finding.service() == of.service && finding.message().contains("has no effect in")
    });
    let explained = registry().explain(of.service).expect("it is known").to_string();
    // Keys of the service, which all call sites share, or keys in which the function differs.
    let is_site = |line: &&str| line.ends_with(" differs in");
    let mut all = explained.lines().take_while(|line| !is_site(line));
    let own = explained.lines().skip_while(|line| !line.starts_with(of.path)).skip(1);
    let mut own = own.take_while(|line| !is_site(line));
    let marks = |line: &str| line.split_whitespace().next() == Some(key) && line.contains("no effect here: ");
    let shown = all.any(marks) || own.any(marks);
    (found, shown)
}

async fn seen(of: Subject, key: &str, scene: Scene) -> String {
    testing::seed(7);
    play_with(Some(of));
    // Without a time limit, a body that hangs is awaited for ever.
    let played = tokio::time::timeout(secs(10_000), scene.play()).await;
    let mut seen = played.unwrap_or_else(|_| "it hangs".to_owned());
    seen = seen.replace(&format!("{:?}", of.service), "the service");
    if key == "kind" {
        // A label of every series, whatever its template changes.
        write!(seen, " {:?}", service().policy().kind).expect("a text");
    }
    play_with(None);
    seen
}

/// What is wrong with this layer's handling of a key, if anything.
async fn fault_of(of: Subject, layer: Layer, case: usize) -> Option<String> {
    let (key, scene, around, values) = CASES[case];
    let (around, key) = join(around, key);
    let mut each = Vec::new();
    for value in values {
        each.push(
            testing::isolated(async {
                configure(of, layer, &around, &format!("{key} = {value}"));
                let said = said(of, &key);
                (seen(of, &key, scene).await, said)
            })
            .await,
        );
    }
    let [(one, _), (other, (found, shown))] = each.try_into().expect("two values");
    let acts = one != other;
    (acts == found || found != shown).then(|| {
        format!("`{key}` by {layer:?} at {}: acts {acts}, found {found}, shown {shown}", of.attribute)
    })
}

async fn walk(of: Subject) {
    let mut faults = Vec::new();
    for case in 0..CASES.len() {
        for layer in [Layer::File, Layer::Update, Layer::Override] {
            faults.extend(fault_of(of, layer, case).await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_key_acts_or_is_said_not_to_where_attempts_are_made() {
    walk(PLAIN[0]).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_acts_or_is_said_not_to_where_the_body_runs_once() {
    walk(PLAIN[1]).await;
}

/// The other attributes are the first one with a fixed kind or another name: the same keys have an effect.
#[tokio::test(start_paused = true)]
async fn the_attributes_that_make_attempts_do_not_differ() {
    for &(key, _, _, [_, value]) in CASES {
        let mut all = BTreeSet::new();
        for &of in PLAIN.iter().filter(|of| of.attribute != "graceful_degradation") {
            let said = testing::isolated(async {
                configure(of, Layer::Override, "", &format!("{key} = {value}"));
                said(of, key)
            });
            all.insert(said.await);
        }
        assert_eq!(all.len(), 1, "`{key}`: {all:?}");
    }
}

/// The scene of a key, and the settings around it.
fn case(key: &str) -> (Scene, &'static str) {
    let case = CASES.iter().find(|case| case.0 == key);
    case.map_or_else(|| panic!("`{key}` has no case"), |case| (case.1, case.2))
}

#[tokio::test(start_paused = true)]
async fn a_key_in_an_attribute_acts_or_is_said_not_to() {
    let mut faults = Vec::new();
    for &Written { key, of } in written::all() {
        let (scene, around) = case(key);
        let plain = PLAIN.iter().find(|plain| plain.attribute == of.attribute).expect("one of each");
        let mut each = Vec::new();
        for of in [*plain, of] {
            each.push(
                testing::isolated(async {
                    load(&format!("[services.\"{}\"]\n{around}\n", of.service));
                    let said = said(of, key);
                    (seen(of, key, scene).await, said)
                })
                .await,
            );
        }
        let [(without, _), (with, (found, shown))] = each.try_into().expect("two functions");
        let acts = without != with;
        if acts == found || found != shown {
            faults.push(format!("`{key}` in {}: acts {acts}, found {found}, shown {shown}", of.attribute));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_attribute_takes_every_key_or_refuses_it() {
    let all: BTreeSet<String> = Key::ALL.iter().map(|key| key.path()).collect();
    for attribute in ["comprehensive_retry", "graceful_degradation", "resilient_service"] {
        let of_it = written::all().filter(|one| one.of.attribute == attribute);
        let taken: BTreeSet<&str> = of_it.map(|one| one.key).collect();
        let clause = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
        for key in &all {
            let of_once = |refusal: &str| refusal.contains("graceful") && attribute != "graceful_degradation";
            let refused =
                written::REFUSED.iter().find(|(name, refusal)| *name == clause(key) && !of_once(refusal));
            assert_ne!(taken.contains(key.as_str()), refused.is_some(), "`{key}` in {attribute}");
            if let Some((name, refusal)) = refused {
                assert!(is_a_compiler_message(name, refusal), "no snapshot says of `{name}`: {refusal}");
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
