//! Rules between keys: each is refused where the file itself has both sides, and never because of values
//! that the file does not have.

use crate::config::file::FileConfig;

/// The messages of the refusal, empty when the text loads.
fn refusals(text: &str) -> Vec<(u32, String)> {
    match FileConfig::parse(text, "test.toml") {
        Ok(_) => Vec::new(),
        Err(error) => error.faults().iter().map(|fault| (fault.line(), fault.message().to_owned())).collect(),
    }
}

#[track_caller]
fn refused(text: &str, line: u32, part: &str) {
    let refusals = refusals(text);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(refusals[0].0, line, "{refusals:?}");
    assert!(refusals[0].1.contains(part), "{refusals:?}");
}

#[track_caller]
fn accepted(text: &str) {
    assert_eq!(refusals(text), []);
}

#[test]
fn lesser_durations_above_greater_ones_are_refused() {
    refused("[services.a]\nbase_delay = 3\nmax_delay = 2\n", 2, "`base_delay` is above `max_delay`");
    refused("[services.a]\ndeadline = 3\nattempt_timeout = 4\n", 3, "`attempt_timeout` is above `deadline`");
    refused("[services.a.breaker]\nopen_for = 3\nmax_open_for = 2\n", 2, "`breaker.open_for`");
    accepted("[services.a]\nbase_delay = 2\nmax_delay = 2\nattempt_timeout = 4\ndeadline = \"off\"\n");
}

#[test]
fn built_in_values_are_no_grounds_for_refusal() {
    accepted(
        "[services.a]\nbase_delay = \"1h\"\nattempt_timeout = \"1h\"\n[services.a.breaker]\nopen_for = \"1h\"\n",
    );
    accepted("[services.a]\ntemplate = \"cache\"\nbase_delay = \"1h\"\nmultiplier = 3\n");
    accepted("[services.a.breaker]\nmin_calls = 1000000\n");
    accepted("[services.a.budget]\nmax_retries_per_minute = 3\n");
}

#[test]
fn values_of_templates_of_the_file_are_compared_and_reported_once() {
    let template = "[templates.t]\nmax_delay = 2\n";
    refused(&format!("{template}[services.a]\ntemplate = \"t\"\nbase_delay = 3\n"), 5, "`services.a`");
    refused(&format!("{template}base_delay = 3\n[services.a]\ntemplate = \"t\"\n"), 3, "`templates.t`");
    accepted(&format!("{template}[services.a]\ntemplate = \"t\"\nbase_delay = 3\nmax_delay = 4\n"));
    refused(&format!("{template}[templates.u]\nextends = \"t\"\nbase_delay = 3\n"), 5, "`templates.u`");
    refused(
        "[templates.cache]\nmax_delay = 2\n[services.a]\ntemplate = \"Cache\"\nbase_delay = 3\n",
        5,
        "max_delay",
    );
}

#[test]
fn min_calls_above_a_window_of_calls_is_refused() {
    refused("[services.a.breaker]\nwindow = 10\nmin_calls = 11\n", 3, "never opens");
    accepted("[services.a.breaker]\nwindow = 10\nmin_calls = 10\n");
    accepted("[services.a.breaker]\nwindow = \"10s\"\nmin_calls = 11\n");
}

#[test]
fn delays_that_cannot_fit_in_the_deadline_are_refused() {
    refused(
        "[services.a]\nmax_attempts = 5\nbase_delay = 3\ndeadline = 11\n",
        4,
        "longer than the `deadline`",
    );
    accepted("[services.a]\nmax_attempts = 5\nbase_delay = 3\ndeadline = 12\n");
    let growing =
        "[services.a]\nmax_attempts = 5\nbase_delay = 1\nmax_delay = 60\nstrategy = \"exponential\"\n";
    refused(&format!("{growing}deadline = 14\n"), 6, "longer than the `deadline`");
    accepted(&format!("{growing}deadline = 15\n"));
    accepted("[services.a]\nmax_attempts = 4000000000\nbase_delay = 0\ndeadline = 1\n");
}

#[test]
fn keys_that_cannot_act_are_refused_where_they_are_written() {
    refused("[services.a]\nmultiplier = 3\nstrategy = \"fixed\"\n", 2, "`multiplier` cannot act");
    refused("[services.a]\njitter = 0.5\nstrategy = \"adaptive\"\n", 2, "`jitter` cannot act");
    refused("[services.a]\njitter = 0.5\nstrategy = \"DecorrelatedJitter\"\n", 2, "`jitter` cannot act");
    refused(
        "[services.a.breaker]\nslow_rate = 0.5\nslow_call = \"off\"\n",
        2,
        "`breaker.slow_rate` cannot act",
    );
    accepted("[services.a]\nmultiplier = 3\nstrategy = \"adaptive\"\n");
    accepted("[services.a]\njitter = 0.5\nstrategy = \"linear\"\n");
    accepted("[templates.t]\nmultiplier = 3\n[services.a]\ntemplate = \"t\"\nstrategy = \"fixed\"\n");
}

#[test]
fn keys_of_another_kind_of_budget_are_refused() {
    let of = |kind: &str, key: &str| format!("[services.a.budget]\nkind = \"{kind}\"\n{key}\n");
    refused(
        &of("sliding_window", "ratio = 0.1"),
        3,
        "`budget.ratio` cannot act in a budget of kind `sliding_window`",
    );
    refused(&of("fixed_window", "cost = 1"), 3, "`budget.cost`");
    refused(&of("token_bucket", "max_retries_per_hour = 1"), 3, "`budget.max_retries_per_hour`");
    refused(&of("token_bucket", "adaptive_threshold = 0.5"), 3, "`budget.adaptive_threshold`");
    for kind in ["token_bucket", "adaptive", "sliding_window", "fixed_window"] {
        accepted(&of(kind, "burst_capacity = 3"));
    }
    accepted(&of("adaptive", "adaptive_threshold = 0.5\nratio = 0.2"));
    refused("[services.a.budget]\nratio = 0.1\nmax_retries_per_hour = 9\n", 3, "different kinds of budget");
}

#[test]
fn bounds_of_limits_and_adaptive_timeouts_are_compared() {
    refused(
        "[services.a.bulkhead]\nadaptive = true\nmax_concurrent = 3\nmin_concurrent = 4\n",
        4,
        "`bulkhead.min_concurrent` is above `bulkhead.max_concurrent`",
    );
    refused(
        "[services.a.attempt_timeout]\nfloor = 3\nceiling = 2\n",
        2,
        "`attempt_timeout.floor` is above `attempt_timeout.ceiling`",
    );
    refused(
        "[services.a]\ndeadline = 2\n[services.a.attempt_timeout]\nceiling = 3\n",
        4,
        "`attempt_timeout.ceiling` is above `deadline`",
    );
    refused(
        "[services.a]\ndeadline = 2\n[services.a.attempt_timeout]\nfloor = 3\n",
        4,
        "`attempt_timeout.floor` is above `deadline`",
    );
    accepted("[services.a.attempt_timeout]\nfloor = \"1h\"\n");
    accepted("[services.a.bulkhead]\nadaptive = true\nmax_concurrent = 3\nmin_concurrent = 3\n");
    // A fixed timeout switches the bounds of its template off.
    let template = "[templates.t.attempt_timeout]\nfloor = 3\n[services.a]\ntemplate = \"t\"\ndeadline = 2\n";
    accepted(&format!("{template}attempt_timeout = 1\n"));
    refused(template, 5, "`attempt_timeout.floor` is above `deadline`");
}

#[test]
fn keys_of_limits_and_hedges_that_cannot_act_are_refused() {
    refused(
        "[services.a.bulkhead]\nadaptive = false\nmin_concurrent = 3\n",
        3,
        "`bulkhead.min_concurrent` cannot act while `bulkhead.adaptive` is false",
    );
    refused(
        "[services.a.bulkhead]\nmax_queue = 0\nmax_wait = 1\n",
        3,
        "`bulkhead.max_wait` cannot act while `bulkhead.max_queue` is 0",
    );
    refused(
        "[services.a.bulkhead]\nmax_queue = 9\nmax_wait = 0\n",
        2,
        "`bulkhead.max_queue` cannot act while `bulkhead.max_wait` is 0s",
    );
    refused(
        "[services.a]\nidempotent = false\n[services.a.hedge]\n",
        3,
        "`hedge` cannot act while `idempotent` is false",
    );
    refused(
        "[services.a]\nattempt_timeout = 1\nhedge.after = 2\n",
        3,
        "`hedge.after` cannot act while `attempt_timeout` is 1s",
    );
    refused(
        "[services.a]\ndeadline = 1\nhedge.after = 2\n",
        3,
        "`hedge.after` cannot act while `deadline` is 1s",
    );
    refused(
        "[services.a]\nattempt_timeout.ceiling = 1\nhedge.after = 2\n",
        3,
        "`hedge.after` cannot act while `attempt_timeout.ceiling` is 1s",
    );
    accepted("[services.a.bulkhead]\nmax_queue = 0\nmax_wait = 0\n");
    accepted("[services.a.bulkhead]\nmin_concurrent = 3\n");
    accepted("[services.a]\nidempotent = false\nhedge = \"off\"\n");
    accepted("[services.a]\nattempt_timeout = 2\nhedge.after = 2\n");
    accepted("[services.a]\nattempt_timeout = 2\nhedge.after = \"p999\"\n");
    accepted("[templates.t]\nhedge.max = 2\n[services.a]\ntemplate = \"t\"\nidempotent = false\n");
}

#[test]
fn a_slow_call_that_ends_before_it_is_slow_is_refused() {
    refused(
        "[services.a]\nattempt_timeout = 1\nbreaker.slow_call = 2\n",
        3,
        "`breaker.slow_call` is above `attempt_timeout`, so no call could ever be slow",
    );
    refused(
        "[services.a]\nattempt_timeout.ceiling = 1\n[services.a.breaker]\nslow_call = 2\n",
        4,
        "`breaker.slow_call` is above `attempt_timeout.ceiling`",
    );
    refused(
        "[services.a]\ndeadline = 1\nbreaker.slow_call = 2\n",
        3,
        "`breaker.slow_call` is above `deadline`",
    );
    refused(
        "[overrides.a]\nattempt_timeout = 1\nbreaker.slow_call = 2\n",
        3,
        "in `overrides.a`, `breaker.slow_call` is above",
    );
    accepted("[services.a]\nattempt_timeout = 2\nbreaker.slow_call = 2\n");
    accepted("[services.a]\nattempt_timeout = 1\nbreaker.slow_call = \"off\"\n");
    // Elsewhere another timeout may hold.
    accepted("[services.a]\nbreaker.slow_call = \"1h\"\n");
    accepted("[services.a]\nattempt_timeout = 1\n[overrides.a]\nbreaker.slow_call = 2\n");
    let template =
        "[templates.t]\nbreaker.slow_call = 2\n[services.a]\ntemplate = \"t\"\nattempt_timeout = 1\n";
    accepted(template);
}

#[test]
fn a_retry_that_no_bucket_can_pay_for_is_refused() {
    refused(
        "[services.a.budget]\ncost = 3\nburst_capacity = 2\n",
        2,
        "`budget.cost` is more than `budget.burst_capacity` holds, so it could never be paid",
    );
    refused(
        "[services.a.budget]\nburst_capacity = 2\nkind = \"adaptive\"\nthrottled_cost = 2.5\n",
        4,
        "`budget.throttled_cost` is more than",
    );
    refused("[templates.t.budget]\nburst_capacity = 2\ncost = 3\n", 3, "in `templates.t`");
    let template =
        "[templates.t.budget]\nburst_capacity = 2\n[services.a]\ntemplate = \"t\"\nbudget.cost = 3\n";
    refused(template, 5, "in `services.a`, `budget.cost`");
    accepted("[services.a.budget]\ncost = 2\nburst_capacity = 2\n");
    accepted("[services.a.budget]\ncost = 1000\n");
    accepted("[services.a.budget]\ncost = 3\n[overrides.a.budget]\nburst_capacity = 2\n");
    // In the window kinds a cost cannot act, which is all that is said.
    refused("[services.a.budget]\nkind = \"fixed_window\"\ncost = 3\nburst_capacity = 2\n", 3, "cannot act");
}

#[test]
fn circles_of_templates_are_refused_once_with_their_way() {
    let circle =
        "[templates.a]\nextends = \"b\"\n[templates.b]\nextends = \"c\"\n[templates.c]\nextends = \"a\"\n";
    refused(circle, 2, "a -> b -> c -> a");
    refused("[templates.a]\nextends = \"a\"\n", 2, "a -> a");
    refused("[templates.z]\nextends = \"a\"\n[templates.a]\nextends = \"a\"\n", 4, "a -> a");
}

#[test]
fn unknown_templates_are_refused_with_the_nearest_name() {
    let error =
        FileConfig::parse("[services.a]\ntemplate = \"databse\"\n", "test.toml").expect_err("refused");
    assert_eq!(error.faults()[0].help(), Some("did you mean `database`?"));
    refused("[templates.a]\nextends = \"qqq\"\n", 2, "which does not exist");
    refused("[templates.cache]\nextends = \"database\"\n", 2, "already stands on the built-in one");
    accepted(
        "[services.a]\ntemplate = \"AiService\"\n[services.b]\ntemplate = \"own\"\n[templates.own]\nextends = \"cache\"\n",
    );
}
