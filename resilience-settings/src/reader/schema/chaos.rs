//! Makes the JSON Schema of `[chaos]`: what each key takes, and which go together, by the same rules as the reader's.

use super::json::Json;
use super::shapes::{choice, closed, typed, values, with_description};
use crate::config::chaos::{ChaosKey, FAULTS, KEYS, LONGEST_NAME, MOST_RULES, REJECTIONS, Takes, find};
use crate::distribution::Distribution;
use crate::policy::Shape;

/// What [`is_target`](crate::config::chaos::is_target) says.
const TARGET: &str = "^[^@]+(@[^@:]([^@]*[^@:])?)?$";

/// `[chaos]`.
#[expect(clippy::cast_precision_loss, reason = "two small numbers")]
pub(super) fn tables() -> Json {
    let keys = KEYS.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let rule = closed(typed("object"), keys)
        .with("required", vec!["target"])
        .with("dependentRequired", Json::object([("every", Json::from(vec!["for"]))]))
        .with("oneOf", Json::List(ways()));
    let names = typed("string").with("minLength", 1.0).with("maxLength", LONGEST_NAME as f64);
    typed("object")
        .with("propertyNames", names)
        .with("maxProperties", MOST_RULES as f64)
        .with("additionalProperties", rule)
}

/// One fault, with latency or without; or latency alone.
fn ways() -> Vec<Json> {
    let has = |key: &str| {
        let rule = Json::object([("required", Json::from(vec![key]))]);
        // `hang = false` says that it does not.
        let is_switch = find(key).is_some_and(|key| key.takes == Takes::Value(Shape::Switch));
        if is_switch {
            rule.with("properties", Json::object([(key, choice(vec![true.into()]))]))
        } else {
            rule
        }
    };
    let faults: Vec<Json> = FAULTS.iter().map(|key| has(key)).collect();
    let none = Json::object([("anyOf", Json::List(faults.clone()))]);
    let mut ways = faults;
    ways.push(has("latency").with("not", none));
    ways
}

fn described(key: &ChaosKey) -> Json {
    let schema = match key.takes {
        Takes::Value(shape) => values(shape),
        Takes::Target => typed("string").with("pattern", TARGET),
        Takes::Text(_) => typed("string").with("minLength", 1.0),
        Takes::Latency => typed("string").with("pattern", Distribution::pattern()),
        Takes::Rejection => choice(REJECTIONS.iter().map(|kind| Json::from(*kind)).collect()),
    };
    let accepted = key.accepted();
    let (first, rest) = accepted.split_at(accepted.chars().next().map_or(0, char::len_utf8));
    with_description(schema, Some(format!("{} {}{rest}.", key.meaning, first.to_uppercase())))
}
