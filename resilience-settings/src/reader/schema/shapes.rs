//! Makes the JSON Schema of the values of one key. Ranges are those of the shapes and words those of the enums, so that nothing
//! here can differ from what the reader takes.

use std::time::Duration;

use super::json::Json;
use crate::duration;
use crate::policy::Shape;
use crate::rules::accepted::{LEAST_WINDOW, MOST_WINDOW_CALLS, QUANTILES, RESOLUTION, spellings};

const IPV4: &str =
    r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$";

/// What a key of the shape takes, besides the table of a clause.
pub(crate) fn values(shape: Shape) -> Json {
    let ways = ways(shape);
    match <[Json; 1]>::try_from(ways) {
        Ok([only]) => only,
        Err(ways) => Json::object([("anyOf", Json::List(ways))]),
    }
}

/// The same, one by one: what editors offer stands first.
pub(crate) fn ways(shape: Shape) -> Vec<Json> {
    let off = || choice(vec!["off".into(), false.into()]);
    let or_off = |way: Json, or_off: bool| if or_off { vec![way, off()] } else { vec![way] };
    match shape {
        Shape::Switch => vec![typed("boolean")],
        Shape::Table => vec![choice(vec!["on".into(), "off".into(), true.into(), false.into()])],
        Shape::Count { min, max, or_off: off } => or_off(whole(min, max), off),
        Shape::Attempts => vec![whole(1, u32::MAX.into()), words(shape)],
        // Zero stands apart from the least that is counted.
        Shape::Number { min: 0.0, max } => vec![choice(vec![0.0.into()]), number(RESOLUTION, max)],
        Shape::Number { min, max } => vec![number(min, max)],
        Shape::Duration { least, or_off } => {
            let mut ways = times(least);
            ways.extend(or_off.then(off));
            ways
        }
        Shape::Timeout => {
            let mut ways = times(Duration::from_nanos(1));
            ways.extend([words(shape), off()]);
            ways
        }
        Shape::Quantile => vec![
            words(shape),
            typed("number").with("minimum", QUANTILES.start).with("exclusiveMaximum", QUANTILES.end),
        ],
        Shape::AfterOrQuantile => {
            let mut ways = vec![words(shape)];
            ways.extend(times(Duration::from_nanos(1)));
            ways
        }
        Shape::Window => vec![time(LEAST_WINDOW), whole(1, MOST_WINDOW_CALLS.into())],
        Shape::StatusCodes => {
            vec![typed("array").with("items", whole(100, 599)).with("minItems", 1.0)]
        }
        Shape::Address => {
            // Most validators pass over formats.
            let of =
                |format: &str, pattern: &str| typed("string").with("format", format).with("pattern", pattern);
            vec![of("ipv4", IPV4), of("ipv6", "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$")]
        }
        _ => vec![words(shape)],
    }
}

/// A text of this form, for people who hover over it.
pub(crate) fn typed(name: &str) -> Json {
    Json::object([("type", Json::text(name))])
}

/// One of these; a plain `enum` is what editors complete.
pub(crate) fn choice(values: Vec<Json>) -> Json {
    Json::object([("enum", Json::List(values))])
}

/// An object that has no other keys than these.
pub(crate) fn closed(object: Json, keys: Vec<(String, Json)>) -> Json {
    object.with("properties", Json::Object(keys)).with("additionalProperties", false)
}

/// The description first, where people look.
pub(crate) fn with_description(schema: Json, text: Option<String>) -> Json {
    match (schema, text) {
        (Json::Object(mut pairs), Some(text)) => {
            pairs.insert(0, ("description".to_owned(), Json::Text(text)));
            Json::Object(pairs)
        }
        (schema, _) => schema,
    }
}

fn words(shape: Shape) -> Json {
    choice(spellings(shape).into_iter().map(Json::from).collect())
}

fn times(least: Duration) -> Vec<Json> {
    let number = typed("number");
    let number = if least < Duration::from_millis(1) && !least.is_zero() {
        number.with("exclusiveMinimum", 0.0)
    } else {
        number.with("minimum", least.as_secs_f64())
    };
    vec![time(least), number]
}

/// A text with units. How long it is cannot be said in a schema, but for zero: that has no digit above it.
fn time(least: Duration) -> Json {
    let text = typed("string").with("pattern", duration::pattern());
    if least.is_zero() {
        text
    } else {
        text.with("allOf", vec![Json::object([("pattern", Json::text("[1-9]"))])])
    }
}

#[expect(clippy::cast_precision_loss, reason = "ranges end far below 2^52")]
fn whole(min: u64, max: u64) -> Json {
    typed("integer").with("minimum", min as f64).with("maximum", max as f64)
}

fn number(min: f64, max: f64) -> Json {
    typed("number").with("minimum", min).with("maximum", max)
}
