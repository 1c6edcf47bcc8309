//! A key of a rule of chaos and its value go into the rule, with what is wrong with them reported.

use super::document::Document;
use super::read::read;
use super::toml::{Item, Name};
use crate::config::chaos::{ChaosFault, ChaosRule, KEYS, REJECTIONS, Takes};
use crate::config::fault::Fault;
use crate::distribution::Distribution;
use crate::duration;
use crate::suggest::{did_you_mean, listed};

impl ChaosRule {
    /// Takes a key that there is.
    pub(crate) fn take(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let Some((key, takes)) = KEYS.iter().find(|(known, _)| *known == name.text) else { return };
        if self.span_of(key).is_some() {
            document.report_twice(name.span.clone());
            return;
        }
        let text = item.value.as_str();
        let refused = match takes {
            Takes::Value(shape) => match read(*shape, &item.value) {
                Ok(value) => {
                    self.set(key, &value);
                    None
                }
                Err(refusal) => Some((refusal.accepted(), refusal.help(key))),
            },
            Takes::Text(what) => match text.filter(|text| !text.is_empty()) {
                Some(text) => {
                    self.set_text(key, text);
                    None
                }
                None => Some(((*what).to_owned(), None)),
            },
            Takes::Latency => {
                self.latency = text.and_then(Distribution::parse);
                let is_refused = self.latency.is_none();
                let meant =
                    || text.and_then(duration::meant).map(|meant| format!("write `{key} = \"{meant}\"`"));
                is_refused.then(|| (Distribution::ACCEPTED.to_owned(), meant()))
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
        match refused {
            None => self.written.push((key, item.span.clone())),
            Some((accepted, help)) => document.report_at(item.span.start, |document| {
                let path = format!("{}.{key}", self.path());
                let message =
                    format!("`{path}` must be {accepted}, not `{}`", document.written(item.span.clone()));
                let mut fault = Fault::new(path, item.span.clone(), message).label("not accepted");
                fault.help = help;
                fault
            }),
        }
    }

    /// Reports what is wrong with it as a whole.
    pub(crate) fn check(&self, document: &mut Document<'_>) {
        if self.target.is_none() {
            self.report_key(
                document,
                "target",
                "says nothing of whom it hits: write `target = \"db\"`, a service, or `\"*\"`",
            );
        }
        let faults: Vec<&str> = ["error", "hang", "panic", "reject"]
            .into_iter()
            .filter(|key| self.span_of(key).is_some())
            .collect();
        if self.fault.is_none() && self.latency.is_none() {
            let keys = listed(&["error", "latency", "hang", "panic", "reject"]);
            self.report_key(document, "", &format!("injects nothing: write one of {keys}"));
        } else if faults.len() > 1 {
            let message = format!("injects {} at once: keep one, or write a rule for each", listed(&faults));
            self.report_key(document, faults.last().copied().unwrap_or_default(), &message);
        }
        match (self.every, self.lasting) {
            (Some(_), None) => {
                self.report_key(
                    document,
                    "every",
                    "begins again and never ends: write `for = \"10s\"`, how long it acts",
                );
            }
            (Some(every), Some(lasting)) if lasting >= every => {
                self.report_key(
                    document,
                    "every",
                    "begins again before it ends: `every` must be longer than `for`",
                );
            }
            _ => {}
        }
    }

    /// A fault at the value of a key, or at the name of the rule.
    fn report_key(&self, document: &mut Document<'_>, key: &str, says: &str) {
        let at = self.span_of(key);
        let path = if at.is_some() { format!("{}.{key}", self.path()) } else { self.path() };
        let span = at.unwrap_or_else(|| self.span.clone());
        document.report_at(span.start, |_| Fault::new(path, span, format!("`{}` {says}", self.path())));
    }
}
