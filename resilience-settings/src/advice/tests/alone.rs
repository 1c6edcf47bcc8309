//! A file alone, and who calls whom.

use super::{advise, file, short};
use crate::advice::{Question, Verdict, patch};

fn of(text: &str) -> Vec<String> {
    let file = file(text);
    let advice = advise(&file, &Question::default());
    advice.iter().filter(|one| one.verdict != Verdict::Note).map(ToString::to_string).collect()
}

#[test]
fn a_file_that_says_little_is_well() {
    assert_eq!(of("[services.db]\n"), [""; 0]);
    for kind in ["database", "http_api", "cache", "message_queue", "microservice"] {
        assert_eq!(of(&format!("[services.db]\nkind = \"{kind}\"\n")), [""; 0], "{kind}");
    }
}

#[test]
fn each_rule_names_place_number_and_remedy() {
    for (text, expected) in [
        (
            "[services.db]\nattempt_timeout = \"6s\"\n",
            "problem: `db`: worst_case_latency (built-in default): two attempts that time out take 12s 200ms with the delay \
             between them, and the deadline is 10s: of 3 attempts (18s 600ms for all) one has its time; lower \
             `attempt_timeout` to at most 4s 900ms, or raise `deadline`",
        ),
        (
            "[services.db]\ndeadline = \"off\"\nattempt_timeout = \"off\"\n",
            "problem: `db`: worst_case_latency (r.toml:2): without a deadline nothing ends a call whose attempt hangs; write a \
             `deadline` that its callers can wait for",
        ),
        (
            "[services.db]\nbudget = \"off\"\nmax_attempts = 4\n",
            "problem: `db`: retries_without_budget (r.toml:2): in an outage each call makes 4 attempts, and no budget bounds \
             them; write `budget.ratio = 0.1` instead of `budget = \"off\"`: a tenth of the calls may then be retried",
        ),
        (
            "[global]\nretry_budget_enabled_globally = false\n[services.db]\n",
            "problem: `db`: retries_without_budget ([global], r.toml:2): in an outage each call makes 3 attempts, and no budget \
             bounds them; switch `[global] retry_budget_enabled_globally` on: it stands above every service",
        ),
        (
            "[services.db]\nstrategy = \"linear\"\n",
            "problem: `db`: no_jitter (r.toml:2): `linear` leaves nothing to chance: all callers that failed together come \
             back together, after 200ms, then 400ms; write `jitter = 0.5`",
        ),
        (
            "[services.db.breaker]\nquiet_failures = \"off\"\n[services.db.rate_limit]\nper_second = 1\nburst = 2\n",
            "problem: `db`: breaker_never_opens (built-in default): in its window of 10s the rate limit lets 12 attempts start \
             (r.toml:4), and it waits for 20 results; write `breaker.quiet_failures = 5`, or lower `breaker.min_calls`",
        ),
        (
            "[templates.t.budget]\nburst_capacity = 2\n[services.db]\ntemplate = \"t\"\n[overrides.db.budget]\ncost = 5\n",
            "problem: `db`: budget_never_pays (override, r.toml:6): `budget.cost` is 5 (override, r.toml:6), and \
             `budget.burst_capacity` is 2 (template t, r.toml:2); lower `budget.cost` to at most that",
        ),
        (
            "[services.db.budget]\nratio = 0\nmin_per_second = 0\n",
            "problem: `db`: budget_never_pays (r.toml:2): nothing is ever paid in: it pays for 10 retries, and then never \
             again; write `budget.ratio = 0.1`, or `max_attempts = 1` if no retry is meant",
        ),
    ] {
        assert_eq!(of(text), [expected], "{text}");
    }
}

#[test]
fn what_does_not_retry_needs_no_budget_and_no_chance() {
    let text = "[services.db]\nbudget = \"off\"\nstrategy = \"fixed\"\nretry_enabled = false\nattempt_timeout = \"6s\"\n";
    assert_eq!(of(text), [""; 0]);
}

#[test]
fn callers_that_give_up_first_and_layers_that_multiply_are_told() {
    let file = file(
        "[services.shop]\nattempt_timeout = \"2s\"\n[services.db]\nattempt_timeout = \"500ms\"\n[services.api]\nmax_attempts = 2\n",
    );
    let calls = [("api", "shop"), ("shop", "db")].map(|(one, other)| (one.into(), other.into())).into();
    let question = Question { calls, ..Question::default() };
    let advice = advise(&file, &question);
    let told: Vec<String> = advice.iter().map(ToString::to_string).collect();
    let expected = [
        "problem: `api`: amplification (built-in default): one request may become 18 attempts at `db`: 2 of `api` × 3 of `shop` × \
         3 of `db`; with every budget spent the load still grows by the factor 1.33; write `nested_retries = \"suppress\"` for \
         `shop`, or let one layer alone retry",
    ];
    let told_of_shop = told.iter().find(|text| text.contains("amplification")).expect("they multiply");
    assert_eq!(*told_of_shop, expected[0].replace("problem: `api`", "problem: `shop`"));
    let late =
        told.iter().find(|text| text.contains("`db`: worst_case_latency")).expect("the shop gives up first");
    assert!(
        late.contains(
            "a call may take 2s 100ms, and its caller `shop` gives up after 2s (`attempt_timeout`, r.toml:2)"
        ),
        "{late}"
    );
    let text = patch(&advice).expect("a patch");
    assert!(!text.contains("[services.shop]\ndeadline"), "two attempts would not fit: {text}");
    assert!(
        text.contains("[services.shop]\n# was allow: one request")
            && text.contains("nested_retries = \"suppress\"\n"),
        "{text}"
    );
    assert!(text.contains("[services.db]\n") && text.contains("deadline = \"2s\"\n"), "{text}");
    super::file(&text);
}

#[test]
fn an_unknown_order_of_calls_is_a_note() {
    let file = file("[services.a]\n[services.b]\n");
    let advice = advise(&file, &Question::default());
    assert_eq!(short(&advice), ["amplification note"]);
    assert!(advice[0].number.contains("9 attempts"), "{}", advice[0]);
    let calls = [("a", "b"), ("b", "a"), ("a", "a")].map(|(one, other)| (one.into(), other.into())).into();
    let circle = Question { calls, ..Question::default() };
    let told = advise(&file, &circle);
    assert!(told.iter().all(|one| one.verdict != Verdict::Note), "{told:#?}");
    assert!(
        told.iter().any(|one| one.number.contains("9 attempts at `b`")),
        "a circle has no end: {told:#?}"
    );
}
