//! The keys of a rule of chaos go in, the schema of each comes out.

use super::json::Json;
use super::shapes::{choice, typed, values};
use crate::config::chaos::{KEYS, REJECTIONS, Takes};
use crate::distribution::Distribution;

/// The keys of a rule, each with what it takes. Which go together, a check says.
pub(super) fn keys() -> Vec<(String, Json)> {
    let key = |(name, takes): &(&str, Takes)| {
        let (schema, what) = match takes {
            Takes::Value(shape) => (values(*shape), None),
            Takes::Text(what) => (typed("string").with("minLength", 1.0), Some(*what)),
            Takes::Latency => (typed("string").with("minLength", 1.0), Some(Distribution::ACCEPTED)),
            Takes::Rejection => (choice(REJECTIONS.iter().map(|kind| Json::from(*kind)).collect()), None),
        };
        let schema = match what {
            Some(what) => {
                schema.with("description", format!("{}{}.", what[..1].to_uppercase(), &what[1..]).as_str())
            }
            None => schema,
        };
        ((*name).to_owned(), schema)
    };
    KEYS.iter().map(key).collect()
}
