//! Splits a unit of time off the name of a key: `timeout_ms` is `timeout`, in milliseconds. Here, the value has the unit.

use crate::duration::{takes_time, unit};

/// The name before a unit, and that as values have it: of `timeout_ms`, `timeoutMs`, `TIMEOUT-IN-MILLIS`.
pub fn split_unit(written: &str) -> Option<(&str, &'static str)> {
    let (name, last) = split_word(written)?;
    let unit = unit(&last.to_lowercase())?;
    let name =
        split_word(name).filter(|(_, word)| word.eq_ignore_ascii_case("in")).map_or(name, |(name, _)| name);
    (!name.is_empty()).then_some((name, unit))
}

/// What to add to the name of the key that is meant, if somebody has written a unit behind its name.
pub fn unit_hint(written: &str, meant: &str) -> String {
    match split_unit(written) {
        Some((_, unit)) if takes_time(meant) => {
            format!(", with the unit in the value, `{meant} = \"5{unit}\"`")
        }
        _ => String::new(),
    }
}

/// The name without its last word, and that word.
fn split_word(name: &str) -> Option<(&str, &str)> {
    if let Some(split) = name.rsplit_once(['_', '-', ' ']) {
        return Some(split);
    }
    let capital = name.rfind(char::is_uppercase)?;
    let (before, word) = name.split_at_checked(capital)?;
    before.ends_with(char::is_lowercase).then_some((before, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_behind_a_name_goes_into_the_value() {
        for (written, meant, unit) in [
            ("timeout_ms", "attempt_timeout", "5ms"),
            ("timeoutSecs", "attempt_timeout", "5s"),
            ("BASE-DELAY-MILLIS", "base_delay", "5ms"),
            ("cooldown_in_seconds", "open_for", "5s"),
            ("cooldownInMillis", "open_for", "5ms"),
            ("ttl_min", "ttl", "5m"),
            ("delay_s", "base_delay", "5s"),
        ] {
            let hint = format!(", with the unit in the value, `{meant} = \"{unit}\"`");
            assert_eq!(unit_hint(written, meant), hint, "{written}");
        }
        for (written, meant) in [
            ("timeout", "attempt_timeout"),
            ("retries", "max_attempts"),
            ("tries_s", "max_attempts"),
            ("ms", "ttl"),
        ] {
            assert_eq!(unit_hint(written, meant), "", "{written}");
        }
    }

    #[test]
    fn a_name_of_any_letters_is_split_or_left() {
        for name in ["", "_", "__ms", "_ms", "ms", "äÄms", "InMs", "Ms", "in_ms"] {
            if let Some((before, _)) = split_unit(name) {
                assert!(name.starts_with(before) && !before.is_empty(), "{name}");
            }
        }
    }
}
