//! Tests: what an attribute refuses, a file refuses where one table says the same, and the other way round.

#[macro_use]
mod rows;

mod attributes;
mod refused;

use proc_macro2::TokenStream;
use quote::quote;
use resilience_settings::config::file::FileConfig;

use crate::expand;
use crate::keys::table::WORDS;

/// Whether the attribute is refused, with its messages.
fn attribute(settings: &str) -> (bool, String) {
    let arguments: TokenStream = format!("\"api\", {settings}").parse().expect("tokens");
    let item = quote! { async fn call() -> Result<u32, Error> { send().await } };
    let expansion = expand::attribute("comprehensive_retry", arguments, item).to_string();
    (expansion.contains("compile_error"), expansion)
}

/// Whether the table is refused, with its messages.
fn table(settings: &str) -> (bool, String) {
    match FileConfig::parse(&format!("[services.api]\n{settings}\n"), "test.toml") {
        Ok(_) => (false, String::new()),
        Err(error) => (true, error.to_string()),
    }
}

/// The same settings as an attribute and as a file have them, and whether they contradict each other.
const PAIRS: &[(bool, &str, &str)] = &[
    (true, "base_delay = 3, max_delay = 2", "base_delay = 3\nmax_delay = 2"),
    (true, "attempt_timeout = 3, deadline = 2", "attempt_timeout = 3\ndeadline = 2"),
    (
        true,
        "attempt_timeout = adaptive(floor = 3, ceiling = 2)",
        "attempt_timeout = { floor = 3, ceiling = 2 }",
    ),
    (
        true,
        "attempt_timeout = adaptive(floor = 3), deadline = 2",
        "attempt_timeout = { floor = 3 }\ndeadline = 2",
    ),
    (
        true,
        "attempt_timeout = adaptive(ceiling = 3), deadline = 2",
        "attempt_timeout = { ceiling = 3 }\ndeadline = 2",
    ),
    (true, "breaker(open_for = 3, max_open_for = 2)", "breaker = { open_for = 3, max_open_for = 2 }"),
    (true, "breaker(min_calls = 11, window = 10)", "breaker = { min_calls = 11, window = 10 }"),
    (false, "breaker(min_calls = 10, window = 10)", "breaker = { min_calls = 10, window = 10 }"),
    (true, "attempt_timeout = 1, breaker(slow_call = 2)", "attempt_timeout = 1\nbreaker = { slow_call = 2 }"),
    (
        false,
        "attempt_timeout = 2, breaker(slow_call = 2)",
        "attempt_timeout = 2\nbreaker = { slow_call = 2 }",
    ),
    (
        true,
        "attempt_timeout = adaptive(ceiling = 1), breaker(slow_call = 2)",
        "attempt_timeout = { ceiling = 1 }\nbreaker = { slow_call = 2 }",
    ),
    (true, "deadline = 1, breaker(slow_call = 2)", "deadline = 1\nbreaker = { slow_call = 2 }"),
    (true, "breaker(slow_rate = 0.5, slow_call = off)", "breaker = { slow_rate = 0.5, slow_call = \"off\" }"),
    (true, "budget(cost = 3, burst_capacity = 2)", "budget = { cost = 3, burst_capacity = 2 }"),
    (false, "budget(cost = 2, burst_capacity = 2)", "budget = { cost = 2, burst_capacity = 2 }"),
    (
        true,
        "budget(throttled_cost = 3, burst_capacity = 2)",
        "budget = { throttled_cost = 3, burst_capacity = 2 }",
    ),
    (
        true,
        "budget(kind = SlidingWindow, ratio = 0.1)",
        "budget = { kind = \"sliding_window\", ratio = 0.1 }",
    ),
    (
        true,
        "budget(kind = TokenBucket, adaptive_threshold = 0.5)",
        "budget = { kind = \"token_bucket\", adaptive_threshold = 0.5 }",
    ),
    (
        true,
        "budget(ratio = 0.1, max_retries_per_hour = 9)",
        "budget = { ratio = 0.1, max_retries_per_hour = 9 }",
    ),
    (
        true,
        "bulkhead(adaptive = true, max_concurrent = 3, min_concurrent = 4)",
        "bulkhead = { adaptive = true, max_concurrent = 3, min_concurrent = 4 }",
    ),
    (
        true,
        "bulkhead(adaptive = false, min_concurrent = 4)",
        "bulkhead = { adaptive = false, min_concurrent = 4 }",
    ),
    (true, "bulkhead(max_queue = 0, max_wait = 1)", "bulkhead = { max_queue = 0, max_wait = 1 }"),
    (true, "bulkhead(max_queue = 9, max_wait = 0)", "bulkhead = { max_queue = 9, max_wait = 0 }"),
    (false, "bulkhead(max_queue = 0, max_wait = 0)", "bulkhead = { max_queue = 0, max_wait = 0 }"),
    (true, "strategy = Fixed, multiplier = 3", "strategy = \"fixed\"\nmultiplier = 3"),
    (true, "strategy = Adaptive, jitter = 0.5", "strategy = \"adaptive\"\njitter = 0.5"),
    (true, "max_attempts = Unlimited, deadline = off", "max_attempts = \"unlimited\"\ndeadline = \"off\""),
    (
        true,
        "max_attempts = 5, base_delay = 3, deadline = 11",
        "max_attempts = 5\nbase_delay = 3\ndeadline = 11",
    ),
    (
        false,
        "max_attempts = 5, base_delay = 3, deadline = 12",
        "max_attempts = 5\nbase_delay = 3\ndeadline = 12",
    ),
    (true, "idempotent = false, hedge(max = 1)", "idempotent = false\nhedge = { max = 1 }"),
    (false, "idempotent = true, hedge(max = 1)", "idempotent = true\nhedge = { max = 1 }"),
    (
        true,
        "idempotent = true, attempt_timeout = 1, hedge(after = 2)",
        "idempotent = true\nattempt_timeout = 1\nhedge = { after = 2 }",
    ),
    (
        true,
        "idempotent = true, deadline = 1, hedge(after = 2)",
        "idempotent = true\ndeadline = 1\nhedge = { after = 2 }",
    ),
];

#[test]
fn attributes_and_files_refuse_the_same() {
    for (is_refused, written, in_file) in PAIRS {
        let (refused, messages) = attribute(written);
        assert_eq!(refused, *is_refused, "{written}: {messages}");
        let (refused, messages) = table(in_file);
        assert_eq!(refused, *is_refused, "{in_file}: {messages}");
    }
}

/// An attribute is read by itself; a table of a file is one layer of several, and another may have what it lacks.
#[test]
fn only_an_attribute_has_to_be_complete() {
    for (written, in_file) in [
        ("hedge(max = 1)", "hedge = { max = 1 }"),
        ("bulkhead(min_concurrent = 4)", "bulkhead = { min_concurrent = 4 }"),
        ("budget(max_retries_per_hour = 9)", "budget = { max_retries_per_hour = 9 }"),
    ] {
        assert!(attribute(written).0, "{written}");
        assert!(!table(in_file).0, "{in_file}");
    }
}

/// What only an attribute can say, since it is code.
#[test]
fn a_file_that_has_code_is_told_where_it_belongs() {
    let code = WORDS.iter().filter(|word| word.key.is_none() && !matches!(word.name, "service" | "crate"));
    for word in code {
        let clause = if word.clause.is_empty() { String::new() } else { format!(".{}", word.clause) };
        let messages = table(&format!("[services.other{clause}]\n{} = 1", word.name)).1;
        assert!(messages.contains("needs code: write it in the attribute"), "{}: {messages}", word.name);
    }
}
