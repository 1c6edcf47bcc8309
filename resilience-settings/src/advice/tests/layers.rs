//! Services that call each other: what waits, copies, attempts without a number and circles make of their calls.

use super::{advise, file};
use crate::advice::{Advice, Question, Rule, Verdict, patch};

fn calling(text: &str, calls: &[(&str, &str)]) -> Vec<Advice> {
    let calls = calls.iter().map(|(caller, callee)| ((*caller).to_owned(), (*callee).to_owned())).collect();
    advise(&file(text), &Question { calls, ..Question::default() })
}

fn numbers(advice: &[Advice], rule: Rule) -> Vec<&str> {
    let problems = advice.iter().filter(|one| one.verdict == Verdict::Problem && one.rule == rule);
    problems.map(|one| one.number.as_str()).collect()
}

#[test]
fn what_an_attempt_waits_for_is_a_part_of_the_worst_case() {
    let of = |inner: &str| {
        let text = format!(
            "[services.shop]\nattempt_timeout = \"2s\"\nnested_retries = \"suppress\"\n[services.db]\nattempt_timeout = \"500ms\"\n\
             base_delay = \"10ms\"\nmax_delay = \"10ms\"\n{inner}"
        );
        let found = calling(&text, &[("shop", "db")]);
        numbers(&found, Rule::WorstCaseLatency).first().map(ToString::to_string)
    };
    let told = |takes: &str, counted: &str| {
        Some(format!(
            "a call may take {takes}, and its caller `shop` gives up after 2s (`attempt_timeout`, r.toml:2) (counted: 3 attempts \
             of 500ms{counted}, 20ms of delays, without what a `Retry-After` adds)"
        ))
    };
    assert_eq!(of(""), None, "1.5 s and two delays");
    assert_eq!(of("bulkhead = { max_wait = \"1s\" }\n"), told("4s 520ms", ", 1s of waiting before each"));
    assert_eq!(of("bulkhead = { max_queue = 0 }\n"), None, "nobody waits");
    assert_eq!(of("bulkhead = { max_wait = \"100ms\" }\n"), None);
    let both = "bulkhead = { max_wait = \"150ms\" }\nrate_limit = { per_second = 9, max_wait = \"50ms\" }\n";
    assert_eq!(of(both), told("2s 120ms", ", 200ms of waiting before each"));
    let copied = "idempotent = true\nhedge = { after = \"200ms\", max = 2 }\n";
    assert_eq!(of(copied), told("2s 720ms", ", 400ms until the last copy of each"));
}

#[test]
fn calls_without_a_number_of_attempts_or_a_timeout_last_until_their_deadline() {
    for inner in ["max_attempts = \"unlimited\"\n", "attempt_timeout = \"off\"\n"] {
        let text = format!("[services.shop]\nnested_retries = \"suppress\"\n[services.db]\n{inner}");
        let found = calling(&text, &[("shop", "db")]);
        let told = numbers(&found, Rule::WorstCaseLatency);
        assert_eq!(
            told,
            [
                "a call may take 10s, and its caller `shop` gives up after 2s (`attempt_timeout`, built-in default)"
            ],
            "{text}"
        );
    }
    let endless = "[services.shop]\n[services.db]\nattempt_timeout = \"off\"\ndeadline = \"off\"\n";
    let found = calling(endless, &[("shop", "db")]);
    assert!(
        numbers(&found, Rule::WorstCaseLatency)
            .iter()
            .any(|told| told.starts_with("a call may take any time, and its caller")),
        "{found:#?}"
    );
}

#[test]
fn a_caller_that_retries_without_a_number_multiplies_most_of_all() {
    for (text, factors) in [
        ("[services.shop]\nmax_attempts = \"unlimited\"\n", "any number of `shop` × 3 of `db`"),
        (
            "[services.shop]\n[services.db]\nmax_attempts = \"unlimited\"\n",
            "3 of `shop` × any number of `db`",
        ),
    ] {
        let found = calling(text, &[("shop", "db")]);
        let told = numbers(&found, Rule::Amplification);
        assert_eq!(told.len(), 1, "{found:#?}");
        let expected = format!("one request may become any number of attempts at `db`: {factors}; ");
        assert!(told[0].starts_with(&expected), "{}", told[0]);
        let text = patch(&found).expect("a remedy");
        assert!(text.contains("nested_retries = \"suppress\""), "{text}");
    }
    let alone =
        calling("[services.shop]\nmax_attempts = 1\n[services.db]\nmax_attempts = 9\n", &[("shop", "db")]);
    assert_eq!(numbers(&alone, Rule::Amplification), [""; 0], "one layer retries, and none multiplies it");
    let found =
        advise(&file("[services.a]\n[services.b]\nmax_attempts = \"unlimited\"\n"), &Question::default());
    assert!(
        found.iter().any(|one| one.verdict == Verdict::Note
            && one.number.ends_with("might become any number of attempts: any number of `b` × 3 of `a`")),
        "{found:#?}"
    );
}

#[test]
fn copies_count_as_attempts() {
    let hedged = "idempotent = true\nhedge = { max = 2 }\n";
    let shop = "[services.shop]\nmax_attempts = 2\n[services.db]\nmax_attempts = 2\n";
    assert_eq!(numbers(&calling(shop, &[("shop", "db")]), Rule::Amplification), [""; 0], "4");
    let text = format!("{shop}{hedged}");
    let found = calling(&text, &[("shop", "db")]);
    assert!(
        numbers(&found, Rule::Amplification)[0].starts_with(
            "one request may become 12 attempts at `db`: 2 of `shop` × 2 of `db`, each in up to 3 copies; "
        ),
        "{found:#?}"
    );
    let text = format!("[services.shop]\nmax_attempts = 1\n{hedged}[services.db]\n");
    let found = calling(&text, &[("shop", "db")]);
    let told = found.iter().find(|one| one.rule == Rule::Amplification).expect("9 attempts");
    assert!(told.remedy.starts_with("write `hedge = \"off\"` for `shop`"), "{told}");
    assert_eq!((told.service.as_str(), told.changes.len()), ("shop", 0));
}

#[test]
fn a_circle_is_judged_wherever_a_request_comes_in() {
    let text = "[services.a]\nmax_attempts = 4\n[services.b]\n[services.c]\nmax_attempts = 1\n";
    let ends = |calls: &[(&str, &str)]| {
        let found = calling(text, calls);
        let told = numbers(&found, Rule::Amplification);
        let mut ends: Vec<String> =
            told.iter().filter_map(|told| told.split('`').nth(1).map(str::to_owned)).collect();
        ends.sort();
        ends.join(" ")
    };
    assert_eq!(ends(&[("a", "b"), ("b", "a")]), "a b");
    assert_eq!(ends(&[("c", "a"), ("a", "b"), ("b", "a")]), "b", "requests come in at `c`");
    assert_eq!(ends(&[("a", "b"), ("b", "c"), ("c", "a")]), "a b c");
    assert_eq!(ends(&[("a", "a")]), "", "a call of the same service passes through");
}

#[test]
fn a_layer_that_others_multiply_through_is_solved_with_them() {
    let calls = [("a", "m"), ("b", "m"), ("c", "m"), ("m", "db")];
    let text = "[services.a]\n[services.b]\n[services.c]\n[services.m]\n[services.db]\n";
    let patch = patch(&calling(text, &calls)).expect("remedies");
    for name in ["a", "b", "c", "m"] {
        assert!(patch.contains(&format!("[services.{name}]\n")), "{name}: {patch}");
    }
    assert_eq!(patch.matches("nested_retries = \"suppress\"").count(), 4, "{patch}");
}

#[test]
fn chains_that_nobody_can_count_end_and_are_solved() {
    let names: Vec<String> = (10..26).map(|name| format!("s{name}")).collect();
    let tables = |is_wanted: &dyn Fn(&str) -> bool| {
        let tables = names.iter().map(|name| format!("[services.{name}]\n"));
        tables.filter(|table| is_wanted(table)).collect::<Vec<_>>().concat()
    };
    let calls: Vec<(&str, &str)> = names
        .iter()
        .flat_map(|caller| names.iter().map(move |callee| (caller.as_str(), callee.as_str())))
        .collect();
    let found = calling(&tables(&|_| true), &calls);
    assert!((1..1_000).contains(&numbers(&found, Rule::Amplification).len()), "{}", found.len());
    let patch = patch(&found).expect("remedies");
    let rest = tables(&|table| !patch.contains(table));
    let again = calling(&format!("{patch}{rest}"), &calls);
    assert_eq!(numbers(&again, Rule::Amplification), [""; 0]);
}

#[test]
fn layers_that_suppress_are_listed_with_the_attempts_that_they_make() {
    let text = "[services.a]\nmax_attempts = 3\n[services.b]\nnested_retries = \"suppress\"\n[services.c]\nmax_attempts = 4\n";
    let found = calling(text, &[("a", "b"), ("b", "c")]);
    assert!(
        numbers(&found, Rule::Amplification)[0]
            .starts_with("one request may become 12 attempts at `c`: 3 of `a` × 1 of `b` × 4 of `c`; "),
        "{found:#?}"
    );
}

#[test]
fn a_service_that_calls_itself_is_no_layer() {
    let text = "[services.a]\nattempt_timeout = \"1s\"\nmax_attempts = 9\n";
    let found = calling(text, &[("a", "a")]);
    assert_eq!(found, [], "the inner call passes through");
}
