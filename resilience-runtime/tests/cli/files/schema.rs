//! `resilience schema`: every key of the library is in it. What it accepts and refuses, `checks/schema` asks two validators.

use resilience_runtime::config::global_keys;
use resilience_runtime::policy::{Clause, Key, Sort};
use serde_json::Value;

use crate::resilience::resilience;

fn schema() -> Value {
    resilience(&["schema"]).json()
}

#[test]
fn every_key_is_in_it_where_it_is_written_under_all_of_its_names() {
    let schema = schema();
    for key in Key::ALL {
        let info = key.info();
        let table = if info.clause == Clause::Top { "service" } else { info.clause.name() };
        for name in [Some(info.name), info.alias].into_iter().flatten() {
            let property = &schema["$defs"][table]["properties"][name];
            assert!(
                property["description"].as_str().is_some_and(|text| text.len() > 10),
                "{}: {property}",
                key.path()
            );
        }
    }
    for key in global_keys() {
        let (table, name) = match key.split_once('.') {
            Some((table, name)) => {
                (&schema["properties"]["global"]["properties"][table]["anyOf"][0], name.to_owned())
            }
            None => (&schema["properties"]["global"], key),
        };
        let property = &table["properties"][&name];
        assert!(property["description"].as_str().is_some_and(|text| text.len() > 10), "{name}: {property}");
    }
    for word in ["template", "service_type"] {
        assert!(schema["$defs"]["service"]["properties"][word]["description"].is_string(), "{word}");
    }
    assert!(schema["$defs"]["template"]["properties"]["extends"]["description"].is_string());
}

#[test]
fn only_what_acts_on_calls_is_offered_for_a_function() {
    let schema = schema();
    let of_function = &schema["$defs"]["override_of_a_function"]["properties"];
    for key in Key::ALL.iter().filter(|key| key.info().clause == Clause::Top) {
        let info = key.info();
        assert_eq!(of_function[info.name].is_object(), info.sort == Sort::Call, "{}", info.name);
    }
    // The table of a clause is offered as a whole.
    for key in Key::ALL.iter().filter(|key| key.info().clause != Clause::Top) {
        let switch = Key::find(Clause::Top, key.info().clause.name()).expect("a switch");
        assert_eq!(key.info().sort, switch.info().sort, "{}", key.path());
    }
}

/// Whatever an editor offers, it explains.
#[test]
fn every_property_of_every_table_has_a_description() {
    let (schema, mut count) = (schema(), 0);
    let mut left = vec![(String::new(), &schema)];
    while let Some((path, value)) = left.pop() {
        // What only compares keys describes none.
        let is_table = value["additionalProperties"] == false;
        for (name, property) in value["properties"].as_object().into_iter().flatten().filter(|_| is_table) {
            let text = property["description"].as_str().unwrap_or_default();
            assert!(text.len() > 10 && text.ends_with('.'), "{path}.{name}: {property}");
            count += 1;
        }
        let within: Vec<(String, &Value)> = match value {
            Value::Object(pairs) => pairs.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => items.iter().map(|value| ("[]".to_owned(), value)).collect(),
            _ => Vec::new(),
        };
        left.extend(within.into_iter().map(|(name, value)| (format!("{path}.{name}"), value)));
    }
    assert!(count > 2 * Key::ALL.len(), "{count} properties");
}
