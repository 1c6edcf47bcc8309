//! A configuration file for many services, from their names and a version that changes numbers of every one.

use std::fmt::Write as _;

/// The text. Each service has call keys and service keys of its own, as in files that people write.
pub fn of(names: &[String], version: u32) -> String {
    let mut text = String::from("[global]\nmax_concurrent_retries_global = 1000\n");
    for (number, name) in names.iter().enumerate() {
        // A prime step, so that no service of one version has the numbers of another in the next.
        let micros = 1_000 + u64::from(version) * 10_007 + number as u64;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[services.{name}]\ntemplate = \"http_api\"\nmax_attempts = 3\nbase_delay = \"{micros}us\"\n\
             attempt_timeout = \"5s\"\nbudget.burst_capacity = 100\n\n[services.{name}.breaker]\n\
             failure_rate = 0.4\nmin_calls = 200\nopen_for = \"{micros}us\"\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_valid_and_no_two_are_the_same() {
        let names = ["a".to_owned(), "b".to_owned()];
        for version in [1, 2, 200] {
            resilience_runtime::validate_config(&of(&names, version)).expect("a valid file");
        }
        assert_ne!(of(&names, 1), of(&names, 2));
    }
}
