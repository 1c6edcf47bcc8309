//! `resilience chaos`: rules go to the server of a running process, or are taken back there; those that are armed come out.

use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::counted;
use crate::remote::Remote;
use crate::shown::{lasting, printable};
use crate::web::Trust;

/// List, arm and disarm rules of chaos in a running process that allows it.
///
/// The process has to be built with feature `testing` and to call `testing::chaos::allow()`, its server needs a token, and the
/// variable `RESILIENCE_OPERATOR_TOKEN` has to hold it. A rule ends by itself after an hour, or after its `expires_after`.
#[derive(Debug, clap::Args)]
pub(crate) struct Chaos {
    /// The server of the process, such as `http://127.0.0.1:9090`.
    #[arg(value_name = "URL")]
    url: String,

    #[command(flatten)]
    trust: Trust,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the rules that are armed.
    List,
    /// Arm a rule: its keys are those of a table `[chaos.NAME]`.
    ///
    /// For example: `arm slow-db target=db latency=2s rate=0.2 expires_after=5m`
    Arm {
        /// The name that it is counted under.
        name: String,

        /// What it does to whom. A key alone means `true`, where it is a switch.
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = setting)]
        settings: Vec<(String, Value)>,
    },
    /// Disarm rules that were armed so.
    Disarm {
        /// Their names.
        #[arg(required_unless_present = "all")]
        names: Vec<String>,

        /// All that were armed by operators.
        #[arg(long, conflicts_with = "names")]
        all: bool,
    },
}

/// Where rules are.
const RULES: [&str; 2] = ["api", "chaos"];

impl Chaos {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let remote = Remote::new(&self.url, &self.trust)?;
        match self.action {
            Action::List => {
                let answer = remote.get(&RULES)?;
                if output.is_json() { output.json(&answer)? } else { list(&answer, output)? }
            }
            Action::Arm { name, settings } => {
                let mut rule: Map<String, Value> = settings.into_iter().collect();
                rule.insert("name".to_owned(), json!(name));
                let armed = remote.post(&RULES, &Value::Object(rule))?;
                check_target(&remote, &armed, output)?;
                if output.is_json() {
                    output.json(&armed)?;
                } else {
                    let line = line(&armed, output);
                    output.sentence(&format!("armed {line}"), 2)?;
                }
            }
            Action::Disarm { names, all } => {
                let names = if all { of_operators(&remote.get(&RULES)?) } else { names };
                disarm(&remote, &names, output)?;
            }
        }
        Ok(Exit::Fine)
    }
}

/// A rule may be armed before the first call of its service; one whose target is misspelt would wait for ever.
fn check_target(remote: &Remote, armed: &Value, output: &mut Output) -> Result<(), Failure> {
    let target = armed["target"].as_str().unwrap_or("*");
    let service = target.split_once('@').map_or(target, |(service, _)| service);
    let services = (service != "*").then_some(service);
    Ok(remote.warn_of_unknown(services, "the rule hits nothing until it does", output)?)
}

fn of_operators(answer: &Value) -> Vec<String> {
    let rules = answer["rules"].as_array().into_iter().flatten();
    rules
        .filter(|rule| rule["origin"] == "operator")
        .filter_map(|rule| Some(rule["name"].as_str()?.to_owned()))
        .collect()
}

fn disarm(remote: &Remote, names: &[String], output: &mut Output) -> Result<(), Failure> {
    let (mut disarmed, mut ended) = (Vec::new(), Ok(()));
    for name in names {
        let [api, chaos] = RULES;
        let answer = match remote.delete(&[api, chaos, name]) {
            Ok(answer) => answer,
            Err(failure) => {
                ended = Err(failure);
                break;
            }
        };
        if !output.is_json() {
            let injected = answer["injected"].as_u64().unwrap_or(0);
            let hit = counted(injected, "attempt");
            output.line(format_args!("disarmed {}, which has hit {hit}", printable(name)))?;
        }
        disarmed.push(answer);
    }
    // Those before the one that failed are disarmed all the same.
    if output.is_json() && (ended.is_ok() || !disarmed.is_empty()) {
        output.json(&disarmed)?;
    } else if names.is_empty() {
        output.line("nothing is armed by operators")?;
    }
    ended
}

fn list(answer: &Value, output: &mut Output) -> Result<(), Failure> {
    let none = Vec::new();
    let rules = answer["rules"].as_array().unwrap_or(&none);
    for rule in rules {
        let line = line(rule, output);
        output.sentence(&line, 2)?;
    }
    if rules.is_empty() {
        output.line("no rule is armed")?;
    }
    if answer["allowed"] == Value::Bool(false) {
        let why = "the process does not call `testing::chaos::allow()`, so none can be armed from here";
        output.sentence(&output.tint(Tone::Odd, why).to_string(), 0)?;
    }
    Ok(())
}

/// A rule as one line.
fn line(rule: &Value, output: &Output) -> String {
    let text = |key: &str| printable(rule[key].as_str().unwrap_or("?"));
    let seconds = |key: &str| rule[key].as_u64().map(|micros| micros.div_ceil(1_000_000));
    let name = output.tint(Tone::Strong, text("name"));
    let hit = counted(rule["injected"].as_u64().unwrap_or(0), "attempt");
    let ends = seconds("ends_in_us").map_or(String::new(), |left| format!(", ends in {}", lasting(left)));
    format!("{name}: {} at {}, by {}, has hit {hit}{ends}", text("does"), text("target"), text("origin"))
}

/// Keys that take a text alone, whatever it looks like: a partition may be called `42`.
const TEXTS: [&str; 5] = ["target", "partition", "error", "latency", "reject"];

/// A key with its value. Where a key takes more than texts, what JSON takes for a number, a word or an object is that.
fn setting(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').map_or((text, None), |(key, value)| (key, Some(value)));
    let is_text = TEXTS.contains(&key);
    if key.is_empty() || key == "name" || is_text && value.is_none() {
        return Err(
            "write a key of `[chaos.NAME]` and its value, such as `target=db` or `latency=2s`".to_owned()
        );
    }
    let value = value.unwrap_or("true");
    let as_text = || Value::String(value.to_owned());
    let value = if is_text { as_text() } else { serde_json::from_str(value).unwrap_or_else(|_| as_text()) };
    Ok((key.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use resilience_runtime::config::json_schema;

    use super::*;

    #[test]
    fn settings_are_texts_unless_they_are_something_else() {
        for (text, key, value) in [
            ("target=db", "target", json!("db")),
            ("target=db@load=x", "target", json!("db@load=x")),
            ("hang", "hang", json!(true)),
            ("rate=0.2", "rate", json!(0.2)),
            ("another={\"mean\": \"2s\"}", "another", json!({"mean": "2s"})),
            ("every=5", "every", json!(5)),
            ("error=timed_out", "error", json!("timed_out")),
            ("partition=42", "partition", json!("42")),
            ("target=123", "target", json!("123")),
            ("error=true", "error", json!("true")),
            ("partition={\"a\": 1}", "partition", json!("{\"a\": 1}")),
            ("partition=", "partition", json!("")),
        ] {
            assert_eq!(setting(text), Ok((key.to_owned(), value)), "{text}");
        }
        for text in ["=db", "name=other", "name", "partition", "target"] {
            assert!(setting(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_that_take_texts_alone_are_those_of_the_schema() {
        let schema: Value = serde_json::from_str(&json_schema()).expect("JSON");
        let rule = &schema["properties"]["chaos"]["additionalProperties"];
        let properties = rule["properties"].as_object().expect("keys");
        let takes_text =
            |key: &&String| properties[*key]["type"] == "string" || properties[*key]["enum"][0].is_string();
        let texts: Vec<&String> = properties.keys().filter(takes_text).collect();
        assert_eq!(texts.len(), TEXTS.len(), "{texts:?}");
        assert!(texts.iter().all(|key| TEXTS.contains(&key.as_str())), "{texts:?}");
    }
}
