//! A hundred thousand files that nobody would write, and what the reader says of them: it never panics, hangs, or takes more
//! memory than the text gives reason for; and what it takes for TOML others take for TOML too.
//!
//! `FUZZ_INPUTS` is how many, and `FUZZ_SEED` where they start.

#[path = "../../../resilience-macros/src/fuzzed/bench.rs"]
mod bench;
#[path = "../../../resilience-macros/src/fuzzed/mutator.rs"]
mod mutator;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bench::{Bounds, inputs, seed, stands};
use mutator::{Dice, Mutator};
use resilience_settings::config::{chaos, global_keys};
use resilience_settings::distribution::Distribution;
use resilience_settings::policy::{Clause, Key, ServiceKind};
use resilience_settings::reader::{ConfigFile, default_config, json_schema};
use resilience_settings::rules::accepted::spellings;

/// Measured over 10⁶ inputs: at most half of it.
const BOUNDS: Bounds = Bounds { base: 2_000_000, per_byte: 200 };

/// Files in order, and files with a fault.
fn corpus() -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../resilience-runtime/tests/cli");
    let mut corpus = Vec::new();
    for folder in ["valid", "faulty"] {
        for file in fs::read_dir(tests.join(folder)).expect("the folder is there") {
            corpus.push(fs::read_to_string(file.expect("a file").path()).expect("text"));
        }
    }
    // What files are read in is no matter of the seed.
    corpus.sort();
    let whole = default_config();
    corpus.extend(whole.split("\n\n").map(|piece| piece.replace("\n#", "\n")));
    corpus
}

/// Sections, keys, and the words that values are: whatever the schema has in quotes, so that no table is forgotten. What is a
/// word of schemas only is a key that nobody knows.
fn words() -> Vec<String> {
    let schema = json_schema().replace("\\\"", "");
    let is_word = |text: &&str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && text.len() < 40
    };
    let known: BTreeSet<&str> = schema.split('"').filter(is_word).collect();
    let mut words: Vec<String> = known.into_iter().map(str::to_owned).collect();
    for key in Key::ALL {
        words.extend(spellings(key.info().shape).into_iter().map(str::to_owned));
    }
    // Distributions, as the message shows them that refuses another.
    words.extend(Distribution::ACCEPTED.split('`').skip(1).step_by(2).map(|text| format!("\"{text}\"")));
    let pieces = [
        "[services.a]\n",
        "[overrides.a]\n",
        "[services.\"a\".breaker]\n",
        "[chaos.a]\n",
        " = ",
        "\"5s\"",
        "\n",
    ];
    words.extend(pieces.map(str::to_owned));
    words
}

/// What the mutator has to begin with.
fn mutator(deepest: usize) -> Mutator {
    let words = words();
    Mutator::new(&corpus(), &words.iter().map(String::as_str).collect::<Vec<_>>(), deepest)
}

fn read(text: &str) {
    match ConfigFile::parse(text, "fuzzed.toml") {
        Ok(file) => {
            for service in file.named().iter().take(3) {
                assert!(!file.explain(service).to_string().is_empty());
                let _ = (file.call_policy(service), file.service_policy(service));
            }
            for rule in file.chaos() {
                assert!(!rule.target().is_empty() && rule.settings().len() > 1, "{rule:?}");
            }
            assert!(!file.explain_kind(ServiceKind::Cache).to_string().is_empty());
            for finding in file.findings() {
                assert!(!finding.message().is_empty());
            }
            assert!(!file.global().is_empty());
        }
        Err(error) => {
            let lines = text.matches('\n').count() + 1;
            for fault in error.faults() {
                let line = fault.line() as usize;
                assert!(line <= lines, "line {line} of {lines}: {fault:?}");
                assert!(!fault.message().chars().any(char::is_control), "{fault:?}");
            }
            assert!(error.fault_count() >= error.faults().len() && !error.faults().is_empty(), "{error}");
            assert_eq!(error.excerpts(80, true).count(), error.faults().len());
            assert!(!error.to_string().is_empty());
        }
    }
}

/// Texts are made of the words of each table, and there is one to begin with that is in order.
#[test]
fn no_table_is_forgotten() {
    let (corpus, words) = (corpus(), words());
    let mut known: Vec<String> = chaos::KEYS.iter().map(|key| key.name.to_owned()).collect();
    known.extend(chaos::REJECTIONS.iter().map(|kind| (*kind).to_owned()));
    known.extend(["global", "services", "templates", "overrides", "chaos"].map(str::to_owned));
    known.extend(["template", "extends", "service_type", "\"exponential(200ms)\""].map(str::to_owned));
    known.extend(Clause::ALL.iter().map(|clause| clause.name().to_owned()).filter(|name| !name.is_empty()));
    let names = |key: &Key| [Some(key.info().name), key.info().alias];
    known.extend(Key::ALL.iter().flat_map(names).flatten().map(str::to_owned));
    known.extend(global_keys().iter().filter_map(|key| key.split('.').next_back()).map(str::to_owned));
    let missing: Vec<&String> = known.iter().filter(|word| !words.contains(word)).collect();
    assert_eq!(missing, Vec::<&String>::new());
    let rules = corpus.iter().filter_map(|text| ConfigFile::parse(text, "corpus.toml").ok());
    let rules = rules.flat_map(|file| file.chaos().map(|rule| rule.settings()).collect::<Vec<_>>());
    let used: BTreeSet<&str> = rules.flatten().map(|(key, _)| key).collect();
    assert!(chaos::KEYS.iter().all(|key| used.contains(key.name)), "{used:?}");
}

#[test]
fn the_reader_stands_what_nobody_would_write() {
    let mutator = mutator(400);
    let mut dice = Dice::new(seed());
    let texts = std::iter::repeat_with(|| mutator.text(&mut dice)).take(inputs(2_000));
    stands(texts, BOUNDS, read);
}

/// The crate `toml` is another reader of the same language: what we read it reads, and what we call no TOML is none to it.
#[test]
fn another_reader_agrees_on_what_is_toml() {
    let mutator = mutator(20);
    let mut dice = Dice::new(seed().wrapping_add(1));
    let mut agreed = [0_usize; 2];
    for _ in 0..inputs(2_000) {
        let text = mutator.text(&mut dice);
        let theirs = toml::from_str::<toml::Table>(&text);
        match ConfigFile::parse(&text, "fuzzed.toml") {
            Ok(_) => {
                assert!(theirs.is_ok(), "read, and no TOML: {theirs:?} {text:?}");
                agreed[0] += 1;
            }
            // Another notation is told by its looks.
            Err(error) if error.is_syntax() && !error.to_string().contains("looks like") => {
                assert!(theirs.is_err(), "called no TOML: {error}\n{text:?}");
                agreed[1] += 1;
            }
            Err(_) => {}
        }
    }
    assert!(agreed.iter().all(|count| *count > 20), "too few to say anything: {agreed:?}");
}
