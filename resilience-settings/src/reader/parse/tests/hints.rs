//! What a file says instead of a value, and what it is told to write.

use super::faults;

/// The hint of a text with one fault, which is shown with its line and the value.
#[track_caller]
fn hint(text: &str, line: u32, written: &str) -> Option<String> {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    assert_eq!(found[0].line(), line, "{text}");
    assert!(found[0].message().contains(&format!("not `{written}`")), "{text}: {}", found[0].message());
    found[0].help().map(str::to_owned)
}

/// Keys with a wrong value: at the top or behind the name of a clause.
#[track_caller]
fn told(table: &[(&str, &str, &str)]) {
    for (key, value, help) in table {
        let hint = hint(&format!("[services.a]\n{key} = {value}\n"), 2, value);
        assert_eq!(hint.as_deref(), Some(*help), "{key} = {value}");
    }
}

#[test]
fn a_percentage_is_told_as_a_share() {
    told(&[
        ("breaker.failure_rate", "\"50%\"", "write 0.5: 50 percent as a share"),
        ("breaker.failure_rate", "\" 50 % \"", "write 0.5: 50 percent as a share"),
        ("breaker.slow_rate", "\"12.5%\"", "write 0.125: 12.5 percent as a share"),
        ("breaker.slow_rate", "\"100 percent\"", "write 1: 100 percent as a share"),
        ("jitter", "\"20%\"", "write 0.2: 20 percent as a share"),
        ("jitter", "20", "20 percent are 0.2"),
        ("budget.ratio", "\"10%\"", "write 0.1: 10 percent as a share"),
        ("budget.adaptive_threshold", "\"80%\"", "write 0.8: 80 percent as a share"),
        ("attempt_timeout.quantile", "\"99%\"", "write 0.99: 99 percent as a share"),
        ("attempt_timeout.quantile", "95", "write the share of attempts that are faster: 0.95"),
        ("hedge.after", "\"95%\"", "write \"p95\""),
    ]);
    assert_eq!(
        hint("[global.shedding]\ncpu = \"90%\"\n", 2, "\"90%\"").as_deref(),
        Some("write 0.9: 90 percent as a share")
    );
    assert_eq!(hint("[services.a]\njitter = \"500%\"\n", 2, "\"500%\""), None, "no share");
}

#[test]
fn a_number_in_quotes_is_told_without() {
    told(&[
        ("max_attempts", "\"3\"", "write 3 without quotes"),
        ("max_attempts", "\"3.0\"", "write 3 without quotes"),
        ("max_partitions", "\"1_000\"", "write 1000 without quotes"),
        ("multiplier", "\"1.5\"", "write 1.5 without quotes"),
        ("jitter", "\"0.5\"", "write 0.5 without quotes"),
        ("breaker.failure_rate", "\".5\"", "write 0.5 without quotes"),
        ("breaker.min_calls", "\"20\"", "write 20 without quotes"),
        ("breaker.consecutive_failures", "\"5\"", "write 5 without quotes"),
        ("budget.cost", "\"2\"", "write 2 without quotes"),
        ("rate_limit.per_second", "\"100\"", "write 100 without quotes"),
        ("attempt_timeout.quantile", "\"0.99\"", "write 0.99 without quotes"),
        ("retryable_status_codes", "[\"503\", 429]", "write [503, 429], without quotes"),
        ("max_attempts", "3.0", "write 3 without a fraction"),
        ("idempotent", "\"true\"", "write true without quotes"),
        ("rate_limit.per_second", "\"50/s\"", "write 50"),
        ("breaker.window", "\"100 calls\"", "write 100"),
        ("max_attempts", "\"5 times\"", "write 5"),
        ("deadline", "\"30\"", "a text needs a unit: write \"30s\", or the number without quotes"),
    ]);
    assert_eq!(
        hint("[services.a]\nmax_attempts = \"0\"\n", 2, "\"0\""),
        None,
        "out of range without quotes, too"
    );
    assert_eq!(
        hint("[global]\nprometheus_port = \"9000\"\n", 2, "\"9000\"").as_deref(),
        Some("write 9000 without quotes")
    );
}

#[test]
fn status_codes_that_are_no_list_are_told_as_one() {
    let class = "a class is written code by code, such as [500, 502, 503, 504]";
    told(&[
        ("retryable_status_codes", "\"5xx\"", class),
        ("retryable_status_codes", "\"5XX\"", class),
        ("retryable_status_codes", "[\"5xx\"]", class),
        ("retryable_status_codes", "\"500-599\"", class),
        ("retryable_status_codes", "\"4xx\"", "a class is written code by code, such as [408, 429]"),
        ("retryable_status_codes", "503", "write [503]"),
        ("retryable_status_codes", "\"503\"", "write [503]"),
        ("retryable_status_codes", "\"429, 503\"", "write [429, 503]"),
        ("retryable_status_codes", "true", "write a list of codes, such as [429, 503]"),
        (
            "retryable_status_codes",
            "[]",
            "an empty list would retry no status at all: leave it out, or write `max_attempts = 1`",
        ),
    ]);
}

#[test]
fn a_value_where_a_clause_should_stand_is_told_as_its_key() {
    let table = |clause: &str, key: &str| {
        format!("write a table: `{clause} = {{ {key} }}`, or `{key}` below `[….{clause}]`")
    };
    for (clause, value, key) in [
        ("bulkhead", "10", "max_concurrent = 10"),
        ("bulkhead", "\"10\"", "max_concurrent = 10"),
        ("bulkhead", "\"2s\"", "max_wait = \"2s\""),
        ("rate_limit", "100", "per_second = 100"),
        ("rate_limit", "0.5", "per_second = 0.5"),
        ("throttle", "2", "k = 2"),
        ("throttle", "\"2m\"", "window = \"2m\""),
        ("hedge", "1", "max = 1"),
        ("hedge", "\"50ms\"", "after = \"50ms\""),
        ("hedge", "\"p95\"", "after = \"p95\""),
        ("cache", "60", "ttl = \"1m\""),
        ("cache", "\"5m\"", "ttl = \"5m\""),
        ("cache", "\"read_through\"", "mode = \"read_through\""),
        ("breaker", "0.5", "failure_rate = 0.5"),
        ("breaker", "\"50%\"", "failure_rate = 0.5"),
        ("breaker", "5", "consecutive_failures = 5"),
        ("breaker", "\"30s\"", "open_for = \"30s\""),
        ("budget", "0.1", "ratio = 0.1"),
        ("budget", "10", "burst_capacity = 10"),
        ("budget", "\"fixed_window\"", "kind = \"fixed_window\""),
    ] {
        let hint = hint(&format!("[services.a]\n{clause} = {value}\n"), 2, value);
        assert_eq!(hint, Some(table(clause, key)), "{clause} = {value}");
    }
    told(&[
        ("bulkhead", "0", "write \"off\""),
        ("breaker", "\"disabled\"", "write \"off\""),
        ("cache", "\"yes\"", "write true"),
        ("budget", "\"OFF\"", "write \"off\""),
    ]);
}

#[test]
fn switches_and_numbers_are_told_apart() {
    told(&[
        ("jitter", "true", "write a share from 0 to 1, such as 0.5"),
        ("jitter", "false", "write 0 for none"),
        ("breaker.failure_rate", "true", "write a share above 0, up to 1, such as 0.5"),
        ("max_attempts", "true", "write how many, such as 3"),
        ("max_attempts", "false", "write 1 for no retry"),
        ("breaker.min_calls", "true", "write how many, such as 10"),
        ("bulkhead.max_queue", "false", "write 0 for none"),
        ("multiplier", "true", "write a number, such as 2"),
        ("base_delay", "false", "write 0 for none"),
        ("base_delay", "true", "write a length of time, such as \"2s\""),
        ("attempt_timeout", "true", "write a length of time, such as \"2s\", or \"adaptive\""),
        ("breaker.window", "true", "write a length of time, such as \"10s\", or a number of calls"),
        ("attempt_timeout.quantile", "true", "write a quantile, such as \"p99\""),
        ("hedge.after", "true", "write a quantile, such as \"p95\", or a length of time"),
        ("idempotent", "1", "write true"),
        ("idempotent", "0", "write false"),
        ("retry_enabled", "\"yes\"", "write true"),
        ("retry_enabled", "\"off\"", "write false"),
        ("bulkhead.adaptive", "\"True\"", "write true"),
    ]);
}

#[test]
fn words_in_another_case_and_of_others_are_told_ours() {
    told(&[
        ("strategy", "\"EXPONENTIAL_JITTER\"", "did you mean \"exponential_jitter\"?"),
        ("strategy", "\"exponential-jitter\"", "did you mean \"exponential_jitter\"?"),
        ("strategy", "[\"fixed\"]", "write \"fixed\" without brackets"),
        ("kind", "\"HTTP-API\"", "did you mean \"http_api\"?"),
        ("priority", "\"HIGH\"", "did you mean \"high\"?"),
        ("nested_retries", "\"SUPPRESS\"", "did you mean \"suppress\"?"),
        ("cache.mode", "\"READ_THROUGH\"", "did you mean \"read_through\"?"),
        ("budget.kind", "\"tokenbucket\"", "did you mean \"token_bucket\"?"),
        ("budget.deposit", "\"SUCCESS\"", "did you mean \"success\"?"),
        ("attempt_timeout", "\"ADAPTIVE\"", "did you mean \"adaptive\"?"),
        ("max_attempts", "\"UNLIMITED\"", "did you mean \"unlimited\"?"),
        ("max_attempts", "\"infinite\"", "write \"unlimited\""),
        ("max_attempts", "-1", "write \"unlimited\" for as many as fit into the deadline"),
        ("max_attempts", "[3]", "write 3 without brackets"),
        ("deadline", "\"OFF\"", "write \"off\""),
        ("deadline", "\"none\"", "write \"off\""),
        ("breaker.slow_call", "\"never\"", "write \"off\""),
        ("hedge.after", "\"p99.9\"", "write \"p999\""),
    ]);
}

#[test]
fn words_of_another_sort_of_table_are_told_where_they_stand() {
    for (text, help) in [
        ("[services.a]\nextends = \"cache\"\n", "write `template`, as this is in [services]"),
        ("[templates.a]\ntemplate = \"cache\"\n", "write `extends`, as this is in [templates]"),
        ("[overrides.a]\ntemplate = \"cache\"\n", "an override has no template: write it in [services.NAME]"),
        ("[overrides.a]\nextends = \"cache\"\n", "an override has no template: write it in [services.NAME]"),
        (
            "[services.a]\nservice = \"b\"\n",
            "the name of a service is in its header: write `[services.NAME]`",
        ),
        (
            "[templates.a]\nservice_type = \"cache\"\n",
            "`service_type` belongs to a service: write it in [services.NAME]",
        ),
    ] {
        assert_eq!(faults(text)[0].help(), Some(help), "{text}");
    }
}

#[test]
fn whoever_asks_for_a_mode_of_a_clause_is_told_whose_it_is() {
    let faults = faults("[services.a.idempotency]\nmode = \"observe\"\n");
    let whose = "`idempotency` has no mode of its own: `mode` stands above it, for the whole service, and `cache.mode` says \
                 when a cache answers";
    assert_eq!((faults.len(), faults[0].help()), (1, Some(whose)));
}

#[test]
fn words_are_taken_for_what_they_mean_where_they_stand() {
    for (text, help) in [
        ("[services.a.bulkhead]\nmax = 3\n", "did you mean `max_concurrent`?"),
        ("[services.a.budget]\ncapacity = 3\n", "did you mean `burst_capacity`?"),
        ("[services.a.breaker]\nratio = 0.5\n", "did you mean `failure_rate`?"),
        ("[services.a]\nmax_retries = 3\n", "did you mean `max_attempts`, which counts the first try too?"),
        ("[services.a]\nstrategy = \"constant\"\n", "did you mean \"fixed\"?"),
        ("[services.a]\nstrategy = \"full_jitter\"\n", "did you mean \"exponential_jitter\"?"),
        ("[services.a]\nmode = \"dry_run\"\n", "did you mean \"observe\"?"),
        ("[services.a.hedge]\nratio = 0.5\n", "`ratio` belongs to `budget`: write `budget.ratio`"),
    ] {
        assert_eq!(faults(text)[0].help(), Some(help), "{text}");
    }
}

#[test]
fn what_other_languages_end_begin_or_fill_in_is_told_ours() {
    let comment = "a comment begins with `#`";
    let filled = "nothing is filled in here: write the value itself";
    let needless = "nothing stands behind a value: end the line without this sign";
    for (line, help) in [
        ("max_attempts = 3 // three", comment),
        ("strategy = \"fixed\" // so", comment),
        ("max_attempts = 3 -- three", comment),
        ("max_attempts = 3 ; three", comment),
        ("; settings", comment),
        ("max_attempts = 3,", needless),
        ("strategy = \"fixed\",  # so", needless),
        ("strategy = \"fixed\";", needless),
        ("max_attempts = 3;", "end the line without `;`: write 3"),
        ("max_attempts = ${ATTEMPTS}", filled),
        ("max_attempts = $ATTEMPTS", filled),
        ("[services.b]]", "end it with one `]`"),
    ] {
        assert_eq!(faults(&format!("[services.a]\n{line}\n"))[0].help(), Some(help), "{line}");
    }
}

#[test]
fn what_nobody_sees_is_told_wherever_it_stands() {
    for (line, code) in [
        ("max_attempts = 3\0", "U+0000"),
        ("\0", "U+0000"),
        ("max\u{1}_attempts = 3", "U+0001"),
        ("strategy = \"fi\u{1b}xed\"", "U+001B"),
        ("strategy = 'fi\u{7}xed'", "U+0007"),
        ("# com\u{7}ment", "U+0007"),
    ] {
        let found = faults(&format!("[services.a]\n{line}\n"));
        assert!(found[0].help().is_some_and(|help| help.starts_with(code)), "{line:?}: {found:?}");
        assert_eq!(found[0].line(), 2, "{line:?}");
    }
}

#[test]
fn items_of_a_long_list_are_told_each_in_its_line() {
    let found = faults("[services.a]\nretryable_status_codes = [\n  429,\n  \"503\",\n  700, 504, 99,\n]\n");
    let told: Vec<_> = found.iter().map(|fault| (fault.line(), fault.column(), fault.help())).collect();
    assert_eq!(told, [(4, 3, None), (5, 3, None), (5, 13, None)]);
    assert!(found[1].message().ends_with("from 100 to 599, without `700`"), "{}", found[1].message());
    let found = faults("[services.a]\nretryable_status_codes = [\n  429,\n  \"503\",\n]\n");
    assert_eq!((found[0].line(), found[0].help()), (4, Some("write [429, 503], without quotes")));
    let found = faults("[services.a]\nretryable_status_codes = [\n]\n");
    assert_eq!(found[0].line(), 2, "nothing in it is at fault");
}
