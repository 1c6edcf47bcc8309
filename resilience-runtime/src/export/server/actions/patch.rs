//! Reads settings from JSON. In: a JSON object. Out: a patch. The object is translated to the notation of files, so that each key
//! accepts here what it accepts there, with the same error messages.

use std::fmt::Write as _;

use resilience_settings::policy::Patch;

use resilience_settings::config::error::ConfigError;
use resilience_settings::config::file::FileConfig;

use serde_json::{Map, Value};

/// The table that the keys are put into.
const NAME: &str = "patch";

/// Reads `{"max_attempts": 2, "breaker": {"open_for": "10s"}}`, or `{"breaker.open_for": "10s"}`.
pub(super) fn patch(settings: &Map<String, Value>) -> Result<Patch, String> {
    let mut text = format!("[services.{NAME}]\n");
    write(&mut text, "", settings)?;
    let file = FileConfig::parse(&text, "the patch").map_err(|error| told(&error))?;
    let entry = file.services.get(NAME);
    if entry.is_some_and(|entry| entry.base.is_some() || entry.service_type.is_some()) {
        return Err(
            "`template` and `service_type` belong into the file: an override has settings alone".to_owned()
        );
    }
    let values = entry.into_iter().flat_map(|entry| entry.values.iter());
    let patch: Patch = values.map(|written| (written.key, written.value.clone())).collect();
    if patch.is_empty() {
        return Err("the patch sets nothing: `{\"max_attempts\": 2}` would".to_owned());
    }
    Ok(patch)
}

/// What is wrong, in one line.
pub(super) fn told(error: &ConfigError) -> String {
    let faults = error.faults().iter().map(|fault| match fault.help() {
        Some(help) => format!("{}: {help}", fault.message()),
        None => fault.message().to_owned(),
    });
    let faults: Vec<String> = faults.collect();
    faults.join("; ")
}

/// Writes each value on a line of its own, under its full path.
pub(super) fn write(text: &mut String, above: &str, settings: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in settings {
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        if key.is_empty() || !key.chars().all(is_key) {
            return Err(format!("`{}` is no key of a service", key.escape_debug()));
        }
        let path = format!("{above}{key}");
        match value {
            Value::Object(nested) => write(text, &format!("{path}."), nested)?,
            value => {
                let value = toml(value).ok_or_else(|| format!("`{path}` has a value that no key takes"))?;
                let _ = writeln!(text, "{path} = {value}");
            }
        }
    }
    Ok(())
}

/// A value that both JSON and TOML have, as TOML.
pub(super) fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => {
            let escaped = text.chars().map(|c| match c {
                '"' | '\\' => format!("\\{c}"),
                c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
                c => c.to_string(),
            });
            Some(format!("\"{}\"", escaped.collect::<String>()))
        }
        Value::Array(list) => {
            let list: Option<Vec<String>> = list.iter().map(toml).collect();
            Some(format!("[{}]", list?.join(", ")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use resilience_settings::policy::Value as Setting;

    use resilience_settings::policy::Key;

    use super::*;

    fn read(text: &str) -> Result<Patch, String> {
        patch(&serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn keys_are_read_as_in_a_file() {
        let nested =
            read(r#"{"max_attempts": 2, "breaker": {"open_for": "10s"}, "deadline": "off"}"#).expect("good");
        let flat =
            read(r#"{"max_attempts": 2, "breaker.open_for": "10s", "deadline": "off"}"#).expect("good");
        assert_eq!(nested, flat);
        assert_eq!(nested.get(Key::MaxAttempts), Some(&Setting::Count(2)));
        assert_eq!(nested.get(Key::OpenFor), Some(&Setting::Duration(Duration::from_secs(10))));
        assert_eq!(nested.get(Key::Deadline), Some(&Setting::Off));
    }

    #[test]
    fn what_is_wrong_is_said_as_in_a_file() {
        for (text, part) in [
            (r#"{"max_atempts": 2}"#, "max_attempts"),
            (r#"{"max_attempts": 0}"#, "whole number"),
            (r#"{"max_attempts": null}"#, "no key takes"),
            ("{}", "sets nothing"),
            (r#"{"breaker": {}}"#, "sets nothing"),
            (r#"{"template": "http_api"}"#, "belong into the file"),
            (r#"{"a\nb": 1}"#, "no key"),
            (r#"{"x]\n[overrides.other": 1}"#, "no key"),
            (r#"{"deadline": "1s\"\n[overrides.other]\nmax_attempts = 1"}"#, "deadline"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
