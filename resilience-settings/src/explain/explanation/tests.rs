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
  attempt_timeout               1s                  built-in default  was 2s: `deadline` is 1s (r.toml:2)
  deadline                      1s                  r.toml:2          hides 10s (built-in default)
  max_retry_after               5s                  built-in default  as `max_delay`
  breaker                       on                  r.toml:4          hides on (built-in default)
  breaker.open_for              3s                  r.toml:5          hides 5s (built-in default)
  budget                        off                 run-time update   hides on (built-in default)
shop::api::query (src/api.rs:10) differs in
  max_attempts  2  src/api.rs:10 in query  hides 3 (built-in default)
";
    let shown = explanation.to_string();
    // What nobody has written is a line like any other, so a key that comes to the table changes nothing here.
    let (plain, told): (Vec<_>, Vec<_>) =
        shown.split_inclusive('\n').partition(|line| line.ends_with("  built-in default\n"));
    assert_eq!(told.concat(), expected, "\n{shown}");
    assert!(
        plain.contains(&"  max_attempts                  3                   built-in default\n"),
        "\n{shown}"
    );
    assert!(
        plain.contains(&"  breaker.failure_rate          0.5                 built-in default\n"),
        "\n{shown}"
    );
    assert!(
        plain.contains(&"  cache                         off                 built-in default\n"),
        "\n{shown}"
    );
    assert_eq!(told.len() - 3 + plain.len(), explanation.entries().len(), "\n{shown}");
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
