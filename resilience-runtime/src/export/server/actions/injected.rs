//! Arms and disarms rules of chaos for an operator. In: keys as JSON. Out: a rule that acts for a limited time, and its status.

use axum::http::StatusCode;
use resilience_settings::config::chaos::ChaosRule;
use resilience_settings::config::file::FileConfig;
use serde::Serialize;
use serde_json::{Map, Value};

use super::handlers::Refused;
use super::patch::{told, toml, write};
use super::request::{DEFAULT_LIFETIME, MOST_LIFETIME};
use super::told::tell_acted;
use crate::chaos::{self, Origin, Rule, RuleStatus};
use crate::export::server::shared::Shared;

/// So many rules of operators at once, as in a file.
const MOST: usize = 64;

#[derive(Serialize)]
pub(super) struct Armed {
    allowed: bool,
    rules: Vec<RuleStatus>,
}

#[derive(Serialize)]
pub(super) struct Disarmed {
    name: String,
    injected: u64,
}

#[expect(clippy::unnecessary_wraps, reason = "without feature `testing` it is refused")]
pub(super) fn list(shared: &Shared) -> Result<Armed, Refused> {
    Ok(Armed { allowed: chaos::is_allowed(), rules: shared.registry.armed_chaos() })
}

pub(super) fn arm(shared: &Shared, keys: Map<String, Value>) -> Result<RuleStatus, Refused> {
    if !chaos::is_allowed() {
        let text =
            "this process takes no faults from outside: it has to call `testing::chaos::allow()` for that";
        return Err((StatusCode::FORBIDDEN, text.to_owned()));
    }
    let said = said(keys).map_err(|text| (StatusCode::BAD_REQUEST, text))?;
    let lifetime = said.expires_after.unwrap_or(DEFAULT_LIFETIME);
    if lifetime > MOST_LIFETIME {
        let text = "`expires_after` may be a day at most; what is to hold for longer belongs into the file";
        return Err((StatusCode::BAD_REQUEST, text.to_owned()));
    }
    let said = ChaosRule { expires_after: Some(lifetime), ..said };
    let own = shared.registry.armed_chaos().into_iter().filter(|rule| rule.origin == Origin::Operator.name());
    if own.filter(|rule| rule.name != said.name).count() >= MOST {
        let text =
            format!("there are {MOST} rules of operators already: disarm one by `DELETE /api/chaos/NAME`");
        return Err((StatusCode::CONFLICT, text));
    }
    let active = shared.registry.arm_chaos(Rule::of(&said, Origin::Operator));
    tell_acted(
        shared.registry,
        said.target.as_deref().unwrap_or_default(),
        "arm_chaos",
        active.name(),
        Some(lifetime),
    );
    let armed = shared.registry.armed_chaos().into_iter().find(|rule| rule.id == active.id());
    let over = || (StatusCode::CONFLICT, "the rule was over as soon as it was armed".to_owned());
    armed.ok_or_else(over)
}

pub(super) fn disarm(shared: &Shared, name: &str) -> Result<Disarmed, Refused> {
    let is_meant = |rule: &RuleStatus| rule.name == name && rule.origin == Origin::Operator.name();
    let Some(own) = shared.registry.armed_chaos().into_iter().find(is_meant) else {
        let text = "no rule of this name was armed here: `GET /api/chaos` lists those that there are; the rules of the file \
                    end with the file, and those of the program with its guards";
        return Err((StatusCode::NOT_FOUND, text.to_owned()));
    };
    shared.registry.disarm_chaos(|_, id| id == own.id);
    tell_acted(shared.registry, &own.target, "disarm_chaos", &own.name, None);
    Ok(Disarmed { name: own.name, injected: own.injected })
}

/// The rule that the keys say, with the messages that a file would get.
fn said(mut keys: Map<String, Value>) -> Result<ChaosRule, String> {
    let name = match keys.remove("name") {
        Some(Value::String(name)) => Value::String(name),
        _ => return Err("`name` must be a text: the rule is counted under it".to_owned()),
    };
    let mut text = format!("[chaos.{}]\n", toml(&name).unwrap_or_default());
    write(&mut text, "", &keys)?;
    let mut file = FileConfig::parse(&text, "the rule").map_err(|error| told(&error))?;
    file.chaos.pop().ok_or_else(|| "the rule says nothing".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(text: &str) -> Result<ChaosRule, String> {
        said(serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn a_rule_is_said_in_the_keys_of_a_file() {
        let rule =
            read(r#"{"name": "a b", "target": "db", "hang": true, "rate": 0.5, "for": "5s"}"#).expect("good");
        assert_eq!((rule.name.as_str(), rule.rate, rule.lasting), ("a b", 0.5, Some(Duration::from_secs(5))));
    }

    #[test]
    fn what_is_wrong_is_said_as_in_a_file() {
        for (text, part) in [
            (r#"{"target": "db", "hang": true}"#, "`name`"),
            (r#"{"name": "a", "hang": true}"#, "target"),
            (r#"{"name": "a", "target": "db"}"#, "injects nothing"),
            (r#"{"name": "a", "target": "db", "hang": 1}"#, "`true` or `false`"),
            (r#"{"name": "a", "target": "db", "hang": {"x": 1}}"#, "hang"),
            (r#"{"name": "a]\n[services.db", "target": "db", "hangs": true}"#, "did you mean `hang`"),
            (r#"{"name": "a", "target": "x\"\n[chaos.b]\ntarget = \"y", "hang": null}"#, "no key takes"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
