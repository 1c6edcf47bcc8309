//! The table as people read it.

use super::*;
use crate::layers::ground::tests::site;
use crate::policy::{Key, Value};

#[test]
fn the_table_names_value_source_and_what_is_hidden() {
    static SITE: SiteFacts = site("search", "query", 10, &[(Key::MaxAttempts, Value::Count(2))]);
    static PLAIN: SiteFacts = site("search", "index", 20, &[]);
    let text = "[services.search]\ndeadline = 1\nservice_type = \"storage\"\n[services.search.breaker]\nopen_for = 3\n";
    let file = FileConfig::parse(text, "r.toml").expect("loads");
    let update = Patch::new().budget(false);
    let explanation = Explanation::new("search", &[&SITE, &PLAIN], Some(&file), Some(&update));
    let expected = "\
search (storage)
  kind                          generic             built-in default
  max_attempts                  3                   built-in default
  strategy                      exponential_jitter  built-in default
  base_delay                    200ms               built-in default
  max_delay                     5s                  built-in default
  multiplier                    2                   built-in default
  attempt_timeout               1s                  built-in default  was 2s: `deadline` is 1s (r.toml:2)
  deadline                      1s                  r.toml:2          hides 10s (built-in default)
  max_retry_after               5s                  built-in default  as `max_delay`
  nested_retries                allow               built-in default
  retry_enabled                 true                built-in default
  circuit_breaker_enabled       true                built-in default
  retry_budget_enabled          true                built-in default
  degradation_enabled           true                built-in default
  max_partitions                1000                built-in default
  breaker                       on                  r.toml:4          hides on (built-in default)
  breaker.failure_rate          0.5                 built-in default
  breaker.min_calls             20                  built-in default
  breaker.quiet_failures        5                   built-in default
  breaker.window                10s                 built-in default
  breaker.slow_call             off                 built-in default
  breaker.consecutive_failures  off                 built-in default
  breaker.open_for              3s                  r.toml:5          hides 5s (built-in default)
  breaker.max_open_for          1m                  built-in default
  breaker.half_open_calls       2                   built-in default
  breaker.success_threshold     2                   built-in default
  budget                        off                 run-time update   hides on (built-in default)
  bulkhead                      off                 built-in default
  rate_limit                    off                 built-in default
  throttle                      off                 built-in default
  hedge                         off                 built-in default
  cache                         off                 built-in default
  idempotency                   off                 built-in default
shop::api::query (src/api.rs:10) differs in
  max_attempts  2  src/api.rs:10 in query  hides 3 (built-in default)
";
    assert_eq!(explanation.to_string(), expected, "\n{explanation}");
}

#[test]
fn the_table_shows_clauses_that_are_on_with_what_stands_for_unwritten_keys() {
    let text = "[services.search.attempt_timeout]\nquantile = 0.97\n[services.search.hedge]\nmax = 2\n";
    let file = FileConfig::parse(text, "r.toml").expect("loads");
    let shown = Explanation::new("search", &[], Some(&file), None).to_string();
    let lines: Vec<&str> = shown
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("attempt_timeout") || line.starts_with("hedge"))
        .collect();
    let expected = [
        "attempt_timeout               adaptive            r.toml:1          hides 2s (built-in default)",
        "attempt_timeout.floor         10ms                built-in default",
        "attempt_timeout.ceiling       2s                  built-in default  the `attempt_timeout` that adapts",
        "attempt_timeout.factor        2                   built-in default",
        "attempt_timeout.quantile      0.97                r.toml:2          hides p99 (built-in default)",
        "hedge                         on                  r.toml:3          hides off (built-in default)",
        "hedge.after                   p95                 built-in default",
        "hedge.max                     2                   r.toml:4          hides 1 (built-in default)",
    ];
    assert_eq!(lines, expected, "\n{shown}");
}

#[test]
fn programs_find_the_same_in_entries() {
    static SITE: SiteFacts = site("search", "query", 10, &[(Key::MaxAttempts, Value::Count(2))]);
    let explanation = Explanation::new("search", &[&SITE], None, None);
    let deadline = explanation.entries().iter().find(|entry| entry.key() == Key::Deadline).expect("set");
    assert_eq!(deadline.value().to_string(), "10s");
    assert_eq!(explanation.sites().len(), 1);
    assert_eq!(explanation.sites()[0].path(), "shop::api::query");
    assert_eq!(explanation.sites()[0].place(), "src/api.rs:10");
    assert_eq!(explanation.sites()[0].entries()[0].key(), Key::MaxAttempts);
    assert_eq!(explanation.sites()[0].entries().len(), 1);
}
