//! Reads the body of an operator's request, and decides how long an action may hold. In: JSON. Out: the action, or what is wrong
//! with the body.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The lifetime of an action that does not give one.
pub(in crate::export::server) const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// The longest lifetime. What is to hold for longer belongs in the file, where others see it.
pub(in crate::export::server) const MOST_LIFETIME: Duration = Duration::from_hours(24);

/// What to do with a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BreakerAction {
    ForceOpen,
    ForceClosed,
    Reset,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakerRequest {
    pub(super) action: BreakerAction,
    #[serde(default)]
    lifetime_seconds: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OverrideRequest {
    pub(super) patch: Map<String, Value>,
    #[serde(default)]
    lifetime_seconds: Option<u64>,
}

impl BreakerRequest {
    pub(super) fn lifetime(&self) -> Result<Duration, String> {
        lifetime(self.lifetime_seconds)
    }
}

impl OverrideRequest {
    pub(super) fn lifetime(&self) -> Result<Duration, String> {
        lifetime(self.lifetime_seconds)
    }
}

fn lifetime(seconds: Option<u64>) -> Result<Duration, String> {
    let Some(seconds) = seconds else { return Ok(DEFAULT_LIFETIME) };
    let most = MOST_LIFETIME.as_secs();
    if (1..=most).contains(&seconds) {
        Ok(Duration::from_secs(seconds))
    } else {
        Err(format!(
            "`lifetime_seconds` must be from 1 to {most}, not {seconds}; what is to hold for longer belongs into the file"
        ))
    }
}

impl BreakerAction {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ForceOpen => "force_open",
            Self::ForceClosed => "force_closed",
            Self::Reset => "reset",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_an_hour_unless_said_and_a_day_at_most() {
        let of = |text: &str| serde_json::from_str::<BreakerRequest>(text).map(|request| request.lifetime());
        assert_eq!(of(r#"{"action":"reset"}"#).expect("well formed"), Ok(DEFAULT_LIFETIME));
        let day = of(r#"{"action":"force_open","lifetime_seconds":86400}"#).expect("well formed");
        assert_eq!(day, Ok(MOST_LIFETIME));
        for seconds in ["0", "86401", "18446744073709551615"] {
            let text = format!(r#"{{"action":"force_closed","lifetime_seconds":{seconds}}}"#);
            assert!(of(&text).expect("well formed").is_err(), "{seconds}");
        }
        for text in [
            r#"{"action":"open"}"#,
            r#"{"action":"reset","lifetime":5}"#,
            r#"{"action":"force_open","lifetime_seconds":-1}"#,
            r#"{"action":"force_open","lifetime_seconds":1.5}"#,
            "{}",
            "[]",
            "",
        ] {
            assert!(of(text).is_err(), "{text}");
        }
    }
}
