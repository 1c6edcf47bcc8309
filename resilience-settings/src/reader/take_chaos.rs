//! Puts a key of `[chaos]` and its value into the rule. In: a key of a rule of chaos and its value, as written. Out: both in the
//! rule, or a fault.

use super::document::Document;
use super::read::read;
use super::toml::{Item, Name};
use crate::config::chaos::{self, ChaosFault, ChaosRule, FAULTS, REJECTIONS, Takes};
use crate::config::fault::Fault;
use crate::distribution::Distribution;
use crate::duration;
use crate::suggest::{did_you_mean, listed};

impl ChaosRule {
    /// Takes a key that there is.
    pub(crate) fn take(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let Some(known) = chaos::find(&name.text) else { return };
        let key = known.name;
        if self.span_of(key).is_some() {
            document.report_twice(name.span.clone());
            return;
        }
        let text = item.value.as_str();
        // What it takes instead, if this is not it, and how the likely meaning is written.
        let refused = match known.takes {
            Takes::Value(shape) => match read(shape, &item.value) {
                Ok(value) => {
                    self.set(key, &value);
                    None
                }
                Err(refusal) => Some((refusal.accepted(), refusal.help(key))),
            },
            Takes::Target => match text.filter(|text| chaos::is_target(text)) {
                Some(text) => {
                    self.set_text(key, text);
                    None
                }
                None => Some((known.accepted(), text.and_then(meant_target))),
            },
            Takes::Text(_) => match text.filter(|text| !text.is_empty()) {
                Some(text) => {
                    self.set_text(key, text);
                    None
                }
                None => Some((known.accepted(), None)),
            },
            Takes::Latency => {
                self.latency = text.and_then(Distribution::parse);
                let is_refused = self.latency.is_none();
                let meant = duration::meant(text.unwrap_or(&document.written(item.span.clone())));
                is_refused
                    .then(|| (known.accepted(), meant.map(|meant| format!("write `{key} = \"{meant}\"`"))))
            }
            Takes::Rejection => {
                let known = text.and_then(|text| REJECTIONS.iter().find(|known| **known == text));
                if let Some(kind) = known {
                    self.fault = Some(ChaosFault::Reject(kind));
                    None
                } else {
                    let near = text.map(|text| did_you_mean(text, REJECTIONS, "the kinds are"));
                    Some(("the kind of a rejection, such as `circuit_open`".to_owned(), near))
                }
            }
        };
        // Also where its value is refused: nobody is told that a key is missing which is there.
        self.written.push((key, item.span.clone()));
        if let Some((accepted, help)) = refused {
            document.report_at(item.span.start, |document| {
                let path = format!("{}.{key}", self.path());
                let message =
                    format!("`{path}` must be {accepted}, not `{}`", document.written(item.span.clone()));
                let mut fault = Fault::new(path, item.span.clone(), message).label("not accepted");
                fault.help = help;
                fault
            });
        }
    }

    /// Reports what is wrong with it as a whole.
    pub(crate) fn check(&self, document: &mut Document<'_>) {
        if self.is_no_table {
            return;
        }
        if self.span_of("target").is_none() {
            let help = "write `target = \"db\"`, the name of a service, or `target = \"*\"` for all";
            self.report_key(document, "target", "says nothing of whom it hits", help);
        }
        // `hang = false` says that it does not.
        let faults: Vec<&str> = FAULTS
            .iter()
            .copied()
            .filter(|key| self.span_of(key).is_some_and(|span| document.written(span) != "false"))
            .collect();
        if let [_, .., last] = faults.as_slice() {
            let message = format!("injects {} at once", listed(&faults));
            self.report_key(document, last, &message, "keep one of them, or write a rule for each");
        } else if faults.is_empty() && self.span_of("latency").is_none() {
            let help = format!("write `latency = \"200ms\"`, or one of {}", listed(FAULTS));
            self.report_key(document, "", "injects nothing", &help);
        }
        if self.span_of("every").is_some() && self.span_of("for").is_none() {
            let help = "write `for = \"10s\"` beside it, how long it acts each time";
            self.report_key(document, "every", "begins again and never ends", help);
        }
        if self.every.zip(self.lasting).is_some_and(|(every, lasting)| lasting >= every) {
            let help = "`every` counts from its last beginning, and must be longer than `for`";
            self.report_key(document, "every", "begins again before it ends", help);
        }
        if self.expires_after.is_some_and(|end| end <= self.after) {
            let help =
                "`expires_after` counts from the same moment as `after`, and must be longer than `after`";
            self.report_key(document, "expires_after", "is over before it begins", help);
        }
    }

    /// A fault at the value of a key, or at the name of the rule.
    fn report_key(&self, document: &mut Document<'_>, key: &str, says: &str, help: &str) {
        let at = self.span_of(key);
        let path = if at.is_some() { format!("{}.{key}", self.path()) } else { self.path() };
        let span = at.unwrap_or_else(|| self.span.clone());
        document.report_at(span.start, |_| {
            Fault::new(path, span, format!("`{}` {says}", self.path())).with_help(help)
        });
    }
}

/// How a target is written that lacks one of its sides.
fn meant_target(text: &str) -> Option<String> {
    let (service, site) = text.split_once('@')?;
    Some(match (service, site) {
        ("", site) if chaos::is_target(&format!("*@{site}")) => {
            format!("write `target = \"*@{site}\"` for a function of any service")
        }
        (service, "") if !service.is_empty() => {
            format!("write `target = \"{service}\"` for the whole service")
        }
        _ => "before `@` stands a service or `*`, and behind it a function: `db@load`, `db@shop::load`"
            .to_owned(),
    })
}
