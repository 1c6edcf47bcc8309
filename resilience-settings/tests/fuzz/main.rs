//! A hundred thousand files that nobody would write, and what the reader says of them: it never panics, hangs, or takes more
//! memory than the text gives reason for; and what it takes for TOML others take for TOML too.
//!
//! `FUZZ_INPUTS` is how many, and `FUZZ_SEED` where they start.

#[path = "../../../resilience-macros/src/fuzzed/bench.rs"]
mod bench;
#[path = "../../../resilience-macros/src/fuzzed/mutator.rs"]
mod mutator;

use std::fs;
use std::path::Path;

use bench::{Bounds, inputs, seed, stands};
use mutator::{Dice, Mutator};
use resilience_settings::policy::{Clause, Key};
use resilience_settings::reader::{ConfigFile, default_config};
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

/// Keys, clauses, sections, and the words that values are.
fn words() -> Vec<&'static str> {
    let mut words = vec![
        "global",
        "services",
        "templates",
        "overrides",
        "template",
        "extends",
        "service_type",
        "shedding",
    ];
    for key in Key::ALL {
        let info = key.info();
        words.extend([Some(info.name), info.alias].into_iter().flatten());
        words.extend(spellings(info.shape));
    }
    words.extend(Clause::ALL.iter().map(|clause| clause.name()).filter(|name| !name.is_empty()));
    words.extend(["[services.a]\n", "[overrides.a]\n", "[services.\"a\".breaker]\n", " = ", "\"5s\"", "\n"]);
    words
}

fn read(text: &str) {
    match ConfigFile::parse(text, "fuzzed.toml") {
        Ok(file) => {
            for service in file.named().iter().take(3) {
                assert!(!file.explain(service).to_string().is_empty());
                let _ = (file.call_policy(service), file.service_policy(service));
            }
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

#[test]
fn the_reader_stands_what_nobody_would_write() {
    let (corpus, words) = (corpus(), words());
    let mutator = Mutator::new(&corpus, &words, 400);
    let mut dice = Dice::new(seed());
    let texts = std::iter::repeat_with(|| mutator.text(&mut dice)).take(inputs(2_000));
    stands(texts, BOUNDS, read);
}

/// The crate `toml` is another reader of the same language: what we read it reads, and what we call no TOML is none to it.
#[test]
fn another_reader_agrees_on_what_is_toml() {
    let (corpus, words) = (corpus(), words());
    let mutator = Mutator::new(&corpus, &words, 20);
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
