//! What is proposed by numbers, and what is refused with how far it is off.

use std::time::Duration;

use super::{file, short, well, with};
use crate::advice::{Measured, Question, Rule, Running, Verdict, advise, patch};

const PLAIN: &str = "[services.db]\nidempotent = true\n";

#[test]
fn a_healthy_sample_gives_the_values_of_the_formulas() {
    let found = with(&file(PLAIN), well());
    let expected = [
        // 2 × 600 ms; above half of 2 s.
        "attempt_timeout proposal: attempt_timeout = 1s 200ms",
        // max(4, 200 × 0.06, 4 + 3 × 2, 1.5 × 10), then 200 × 1 s.
        "bulkhead proposal: bulkhead.max_concurrent = 15",
        "bulkhead proposal: bulkhead.max_queue = 200",
        // 2 × 0.03, a change of 40 %.
        "budget_ratio proposal: budget.ratio = 0.06",
        // Of 20 results at a thousandth: 4 do so 0.04 times a day, which is a fifth, and far below half of 0.5.
        "failure_rate refused",
    ];
    assert_eq!(short(&found), expected, "{found:#?}");
    let text = patch(&found).expect("a patch");
    assert!(text.starts_with("[services.db]\n# was 2s: 2 × p99.9 of 719280 attempts, 600ms, is 1s 200ms\nattempt_timeout = \"1s 200ms\"\n"), "{text}");
    file(&text);
}

#[test]
fn few_attempts_go_by_the_99th_percentile_and_no_timeout_is_below_20_ms() {
    let few = Measured { succeeded: 9_999, p99: Some(Duration::from_millis(500)), ..well() };
    assert!(short(&with(&file(PLAIN), few))[0].ends_with("attempt_timeout = 1s 500ms"));
    let quick = Measured { p999: Some(Duration::from_millis(3)), ..well() };
    let text = "[services.db]\nattempt_timeout = \"40ms\"\n";
    assert!(short(&with(&file(text), quick))[0].ends_with("attempt_timeout = 20ms"));
}

#[test]
fn a_timeout_leaves_time_for_another_attempt() {
    let slow = |millis| Measured { p999: Some(Duration::from_millis(millis)), ..well() };
    let timeout = |keys: &str, millis| {
        let found = with(&file(&format!("[services.db]\n{keys}")), slow(millis));
        let told = short(&found).into_iter().find(|text| text.starts_with("attempt_timeout"));
        assert!(found.iter().all(|one| one.verdict != Verdict::Problem), "{found:#?}");
        told.unwrap_or_default()
    };
    // 10 s without the first delay of 200 ms, in two halves.
    assert_eq!(timeout("", 2_450), "attempt_timeout proposal: attempt_timeout = 4s 900ms");
    assert_eq!(timeout("", 2_451), "attempt_timeout proposal: attempt_timeout = 4s 900ms", "and not 6 s");
    assert_eq!(
        timeout("", 30_000),
        "attempt_timeout proposal: attempt_timeout = 4s 900ms",
        "better than 2 s"
    );
    assert_eq!(timeout("attempt_timeout = '4500ms'\n", 30_000), "", "nearly as long as may be");
    assert_eq!(timeout("max_attempts = 1\n", 30_000), "attempt_timeout proposal: attempt_timeout = 10s");
    // What is cut off at once by the deadline is not cut off earlier still.
    assert_eq!(timeout("attempt_timeout = 'off'\n", 6_000), "attempt_timeout refused");
    let found = with(&file("[services.db]\nattempt_timeout = 'off'\n"), slow(6_000));
    assert!(
        found.iter().any(|one| one
            .number
            .ends_with(", 6s, is 12s, and two attempts within the deadline of 10s leave 4s 900ms each")),
        "{found:#?}"
    );
    assert_eq!(
        timeout("attempt_timeout = 'off'\n", 4_000),
        "attempt_timeout proposal: attempt_timeout = 4s 900ms"
    );
}

#[test]
fn a_proposal_that_would_bring_a_problem_is_refused_with_it() {
    // Five attempts of 1.2 s and their delays take longer than the shop waits.
    let text = "[services.shop]\nattempt_timeout = '5s'\ndeadline = '20s'\n[services.db]\nattempt_timeout = '900ms'\nmax_attempts = 5\n\
                base_delay = '1ms'\nmax_delay = '2ms'\nnested_retries = 'suppress'\n";
    let mut question = Question::default();
    question.measured.insert("db".to_owned(), well());
    let timeout = |question: &Question| {
        let found = advise(&file(text), question);
        assert!(found.iter().all(|one| one.verdict != Verdict::Problem || one.rule == Rule::Amplification));
        found.into_iter().find(|one| one.rule == Rule::AttemptTimeout).expect("it is told")
    };
    assert_eq!(timeout(&question).verdict, Verdict::Proposal);
    question.calls = vec![("shop".to_owned(), "db".to_owned())];
    let refused = timeout(&question);
    assert_eq!((refused.verdict, refused.changes.len()), (Verdict::Refused, 0));
    assert!(
        refused.number.contains("a call may take 6s 7ms, and its caller `shop` gives up after 5s"),
        "{refused}"
    );
}

#[test]
fn each_condition_that_fails_is_named_with_how_far_it_is_off() {
    let told = |facts| {
        let advice = with(&file(PLAIN), facts);
        assert!(
            advice.iter().all(|one| one.verdict == Verdict::Refused
                && one.changes.is_empty()
                && one.place == "the sample"),
            "{advice:#?}"
        );
        advice.iter().map(|one| one.number.clone()).collect::<Vec<_>>()
    };
    for (facts, expected) in [
        (
            Measured { length: Duration::from_secs(2_999), ..well() },
            "the sample is 49m 59s long, 10m 1s short of 1h",
        ),
        (Measured { succeeded: 990, ..well() }, "990 attempts succeeded, 10 fewer than 1000"),
        (Measured { failed: 14_400, ..well() }, "98 % of attempts did not fail, 1.00 points below 99 %"),
        (
            Measured { breaker_openings: 2, ..well() },
            "the breaker opened 2 times within the sample, and may not once",
        ),
        (
            Measured { breaker_openings: 1, ..well() },
            "the breaker opened once within the sample, and may not at all",
        ),
        (
            Measured { reloaded_after: Some(Duration::from_mins(90)), ..well() },
            "another configuration came into force 1h 30m after the sample began, and has held for 30m",
        ),
    ] {
        assert_eq!(told(facts), [expected]);
    }
    let all = Measured { length: Duration::from_secs(1), succeeded: 0, breaker_openings: 1, ..well() };
    assert_eq!(told(all).len(), 3);
    let at_start = Measured { reloaded_after: Some(Duration::from_secs(3)), ..well() };
    assert!(!short(&with(&file(PLAIN), at_start)).iter().any(|text| text.starts_with("sample")));
}

#[test]
fn attempts_that_time_out_leave_longer_timeouts_alone() {
    let cut = Measured { timed_out: 720, failed: 720, ..well() };
    assert_eq!(short(&with(&file(PLAIN), cut.clone())), ["sample refused"]);
    let text = "[services.db]\nattempt_timeout = \"700ms\"\n";
    let found = with(&file(text), cut);
    assert_eq!(short(&found), ["attempt_timeout proposal: attempt_timeout = 1s 200ms", "sample refused"]);
    assert!(found[1].number.starts_with("0.1 % of attempts timed out (720 of 720000)"), "{}", found[1]);
}

#[test]
fn nothing_is_proposed_within_a_quarter_or_below_half() {
    let timeout = |today: &str| {
        let found = with(&file(&format!("[services.db]\nattempt_timeout = \"{today}\"\n")), well());
        short(&found).into_iter().find(|text| text.starts_with("attempt_timeout"))
    };
    assert_eq!(timeout("1s"), None);
    assert_eq!(timeout("960ms").as_deref(), Some("attempt_timeout proposal: attempt_timeout = 1s 200ms"));
    assert_eq!(timeout("1500ms"), None);
    assert_eq!(timeout("2400ms").as_deref(), Some("attempt_timeout proposal: attempt_timeout = 1s 200ms"));
    assert_eq!(timeout("2401ms").as_deref(), Some("attempt_timeout refused"));
}

#[test]
fn a_bulkhead_is_refused_where_the_numbers_do_not_go_together() {
    for (seen, is_refused) in [(2.4, false), (2.41, true), (1.6, false), (1.59, true)] {
        let found = with(&file(PLAIN), Measured { in_flight_mean: Some(seen), ..well() });
        let refused =
            found.iter().any(|one| one.verdict == Verdict::Refused && one.rule.name() == "bulkhead");
        assert_eq!(refused, is_refused, "{seen}: {found:#?}");
    }
    let apart = Measured { has_partitions: true, ..well() };
    assert!(short(&with(&file(PLAIN), apart)).contains(&"bulkhead refused".to_owned()));
    let of_other =
        "[services.db]\ndeadline = \"3s\"\n[services.db.bulkhead]\nmax_wait = \"1s\"\nmax_concurrent = 16\n";
    let found = short(&with(&file(of_other), well()));
    let expected =
        ["bulkhead proposal: bulkhead.max_wait = 750ms", "bulkhead proposal: bulkhead.max_queue = 150"];
    assert_eq!(
        found.iter().filter(|text| text.starts_with("bulkhead")).collect::<Vec<_>>(),
        expected.iter().collect::<Vec<_>>()
    );
    let off = "[services.db]\nbulkhead = \"off\"\n";
    assert!(!short(&with(&file(off), well())).iter().any(|text| text.starts_with("bulkhead")));
}

#[test]
fn a_budget_keeps_within_the_capacity() {
    let file = file(PLAIN);
    let ratio = |share: f64, capacity: Option<f64>| {
        let mut question = Question::default();
        question.measured.insert("db".to_owned(), Measured { retry_share_p95: Some(share), ..well() });
        question.capacity.extend(capacity.map(|capacity| (String::new(), capacity)));
        short(&advise(&file, &question))
            .into_iter()
            .find(|text| text.starts_with("budget"))
            .unwrap_or_default()
    };
    assert_eq!(ratio(0.2, None), "", "a tenth at most, as today");
    assert_eq!(ratio(0.031, None), "budget_ratio proposal: budget.ratio = 0.062");
    assert_eq!(ratio(0.0, None), "budget_ratio refused", "a fiftieth is below half of today's");
    assert_eq!(ratio(0.2, Some(213.0)), "budget_ratio proposal: budget.ratio = 0.065");
    assert_eq!(ratio(0.2, Some(200.0)), "budget_ratio refused");
    assert_eq!(ratio(0.2, Some(1_000.0)), "");
}

#[test]
fn copies_need_a_long_tail_a_word_and_room() {
    let tail = Measured { p99: Some(Duration::from_millis(81)), ..well() };
    let hedge = |text: &str, facts: Measured| {
        short(&with(&file(text), facts))
            .into_iter()
            .find(|text| text.starts_with("hedge"))
            .unwrap_or_default()
    };
    assert_eq!(hedge(PLAIN, tail.clone()), "hedge proposal: hedge.after = p95");
    assert_eq!(hedge(PLAIN, Measured { p99: Some(Duration::from_millis(80)), ..well() }), "");
    assert_eq!(hedge("[services.db]\n", tail.clone()), "hedge refused");
    assert_eq!(hedge(PLAIN, Measured { bulkhead_limit: Some(14), ..tail.clone() }), "hedge refused");
    assert_eq!(
        hedge(PLAIN, Measured { bulkhead_limit: Some(15), ..tail.clone() }),
        "hedge proposal: hedge.after = p95"
    );
    assert_eq!(hedge("[services.db]\nidempotent = true\nhedge = \"off\"\n", tail), "");
}

#[test]
fn a_breaker_opens_by_chance_less_than_once_a_day() {
    let text = "[services.db.breaker]\nfailure_rate = 0.1\n";
    let ailing = Measured { failed: 7_200, ..well() };
    let found = with(&file(text), ailing);
    let advice = found.iter().find(|one| one.rule.name() == "failure_rate").expect("a proposal");
    // Of 20 results at a hundredth, 6 fail 0.3 times among the 8,640,000 of a day, and 5 do 13 times.
    assert_eq!(
        short(std::slice::from_ref(advice)),
        ["failure_rate proposal: breaker.failure_rate = 0.26"],
        "{advice}"
    );
}

#[test]
fn the_running_process_says_what_is_in_force() {
    let file = file("[services.db]\nattempt_timeout = \"1200ms\"\n");
    let mut question = Question::default();
    question.measured.insert("db".to_owned(), well());
    let mut running = Running::default();
    running.set("attempt_timeout", "2s");
    question.running.insert("db".to_owned(), running.clone());
    let found = advise(&file, &question);
    let timeout =
        found.iter().find(|one| one.rule.name() == "attempt_timeout").expect("the process has another");
    assert!(timeout.changes[0].is_override && timeout.place == "the running process", "{timeout:?}");
    assert!(patch(&found).expect("a patch").contains("[overrides.db]\n"));
    running.split("attempt_timeout", "1s in a, 2s in b".to_owned());
    question.running.insert("db".to_owned(), running);
    let split = advise(&file, &question);
    let timeout = split.iter().find(|one| one.rule.name() == "attempt_timeout").expect("it is told");
    assert!(timeout.verdict == Verdict::Refused && timeout.number.contains("1s in a, 2s in b"), "{timeout}");
}

#[test]
fn a_value_that_would_contradict_another_is_refused() {
    let text = "[services.db.breaker]\nslow_call = \"1500ms\"\n";
    let found = with(&file(text), well());
    let timeout = found.iter().find(|one| one.rule.name() == "attempt_timeout").expect("it is told");
    assert_eq!(timeout.verdict, Verdict::Refused);
    assert!(timeout.number.contains("`breaker.slow_call`, which is 1s 500ms (r.toml:2)"), "{timeout}");
}

#[test]
fn words_of_the_running_process_are_in_force_too() {
    let file = file("[services.db]\n");
    let advice_of = |settings: &[(&str, &str)]| {
        let mut question = Question::default();
        question.measured.insert("db".to_owned(), Measured { retry_share_p95: Some(0.0), ..well() });
        let mut running = Running::default();
        for (key, value) in settings {
            running.set(key, value);
        }
        question.running.insert("db".to_owned(), running);
        question.calls = vec![("db".to_owned(), "disk".to_owned())];
        short(&advise(&file, &question))
    };
    let has = |advice: &[String], what: &str| advice.iter().any(|one| one.starts_with(what));
    let plain = advice_of(&[("max_attempts", "4")]);
    assert!(!has(&plain, "no_jitter") && has(&plain, "amplification problem"), "{plain:?}");
    assert!(has(&plain, "budget_ratio"), "{plain:?}");
    let fixed = advice_of(&[("strategy", "fixed")]);
    assert!(has(&fixed, "no_jitter problem"), "{fixed:?}");
    let suppressed = advice_of(&[("max_attempts", "4"), ("nested_retries", "suppress")]);
    assert!(!has(&suppressed, "amplification"), "{suppressed:?}");
    let window = advice_of(&[("budget.kind", "sliding_window")]);
    assert!(!has(&window, "budget_ratio"), "{window:?}");
}
