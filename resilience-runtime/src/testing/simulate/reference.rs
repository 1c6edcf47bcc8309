//! Data: the policies that scenarios compare with one another: our defaults, and less than those. In: the unit. Out: settings whose
//! times are all multiples of it, so that a scenario comes to the same whatever the unit is.

use std::time::Duration;

use resilience_settings::config::file::FileConfig;
use resilience_settings::duration::text;

use super::policy::Policy;

/// The service of the built-in policies.
const SERVICE: &str = "dependency";

/// So many units, as a file has them.
pub(super) fn units(unit: Duration, many: f64) -> String {
    format!("\"{}\"", text(unit.mul_f64(many)))
}

/// What is built in and takes time, told at an attempt timeout of a second. A default that is left out here keeps its
/// seconds under another unit, and has other effects there: a new one with a time in it belongs here.
fn scaled(unit: Duration) -> String {
    let [deadline, base, most, window, open, longest] =
        [10.0, 0.2, 5.0, 10.0, 5.0, 60.0].map(|many| units(unit, many));
    let tokens = 1.0 / unit.as_secs_f64();
    format!(
        "[templates.scaled]\ndeadline = {deadline}\nbase_delay = {base}\nmax_delay = {most}\n\
         breaker = {{ window = {window}, open_for = {open}, max_open_for = {longest} }}\n\
         budget = {{ min_per_second = {tokens} }}\n"
    )
}

/// The defaults with these keys, and no cap on retries at once unless the defaults are meant.
fn toml(unit: Duration, keys: &str, has_cap: bool) -> String {
    let cap = if has_cap { 100 } else { u32::MAX };
    format!(
        "[global]\nmax_concurrent_retries_global = {cap}\n\n{}\n\
         [services.{SERVICE}]\ntemplate = \"scaled\"\nattempt_timeout = {}\n{keys}",
        scaled(unit),
        units(unit, 1.0),
    )
}

impl Policy {
    fn built_in(name: &str, unit: Duration, keys: &str, has_cap: bool) -> Self {
        match FileConfig::parse(&toml(unit, keys, has_cap), name) {
            Ok(file) => Self::of_file(name, file, SERVICE, unit),
            // A policy is not made with a unit that this is refused for, and the tests have the shortest and the longest.
            Err(error) => unreachable!("the settings of `{name}`: {error}"),
        }
    }

    /// Our defaults with that attempt timeout: three attempts, a budget of a tenth, a breaker.
    pub(super) fn defaults(unit: Duration) -> Self {
        Self::built_in("defaults", unit, "", true)
    }

    /// One attempt, and nothing that keeps it back.
    pub(super) fn no_retry(unit: Duration) -> Self {
        Self::built_in("no retry", unit, "max_attempts = 1\nbreaker = false\nbudget = false\n", false)
    }

    /// Three attempts, and nothing that keeps them back.
    pub(super) fn plain_retries(unit: Duration) -> Self {
        Self::built_in("plain retries", unit, "breaker = false\nbudget = false\n", false)
    }

    /// The defaults without the breaker.
    pub(super) fn budget_alone(unit: Duration) -> Self {
        Self::built_in("budget alone", unit, "breaker = false\n", true)
    }

    /// The defaults with further keys of the service, a line each.
    pub(super) fn with(name: &str, unit: Duration, keys: &str) -> Self {
        Self::built_in(name, unit, keys, false)
    }
}

#[cfg(test)]
mod tests {
    use resilience_settings::policy::{CallPolicy, ServicePolicy};
    use resilience_settings::reader::ConfigFile;

    use super::super::policy::{LONGEST_UNIT, SHORTEST_UNIT};
    use super::*;

    fn settings(text: &str) -> (CallPolicy, ServicePolicy) {
        let file = ConfigFile::parse(text, "reference").expect("a file");
        (file.call_policy(SERVICE), file.service_policy(SERVICE))
    }

    #[test]
    fn at_a_second_the_reference_is_what_is_built_in() {
        let plain = format!("[services.{SERVICE}]\nattempt_timeout = \"1s\"\n");
        assert_eq!(settings(&toml(Duration::from_secs(1), "", true)), settings(&plain));
    }

    #[test]
    fn every_time_of_a_reference_is_a_multiple_of_its_unit() {
        let multiples = |unit: Duration| {
            let (call, service) = settings(&toml(unit, "", true));
            let breaker = service.breaker.expect("a breaker");
            let times = [
                call.attempt_timeout,
                call.deadline,
                Some(call.backoff.base_delay),
                Some(call.backoff.max_delay),
                Some(call.max_retry_after),
                Some(breaker.open_for),
                Some(breaker.max_open_for),
            ];
            times.map(|time| time.map(|time| (time.as_secs_f64() / unit.as_secs_f64() * 1e6).round()))
        };
        let expected = [1e6, 1e7, 2e5, 5e6, 5e6, 5e6, 6e7].map(Some);
        for unit in [SHORTEST_UNIT, Duration::from_millis(333), Duration::from_mins(3), LONGEST_UNIT] {
            assert_eq!(multiples(unit), expected, "{unit:?}");
        }
    }

    #[test]
    fn keys_take_the_place_of_the_scaled_ones() {
        let keys = "max_delay = \"7s\"\nbreaker = { open_for = \"9s\" }\nbudget = false\n";
        let (call, service) = settings(&toml(Duration::from_secs(20), keys, false));
        assert_eq!(call.backoff.max_delay, Duration::from_secs(7));
        let breaker = service.breaker.expect("a breaker");
        assert_eq!(
            (breaker.open_for, breaker.max_open_for),
            (Duration::from_secs(9), Duration::from_mins(20))
        );
        assert_eq!(service.budget, None);
    }
}
