//! The question and its answer: settings and measurements go in, all advice comes out, the weightiest first.

use std::collections::{BTreeMap, BTreeSet};

use super::across::Layers;
use super::alone::alone;
use super::facts::Measured;
use super::measured::measured;
use super::piece::{Advice, Verdict};
use super::running::Running;
use super::subject::Subject;
use crate::config::file::FileConfig;
use crate::layers::ground::Ground;

/// What is known beside the settings. By itself it knows nothing, and advice goes by the file alone.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Question {
    /// Which service calls which: the caller, then whom it calls. A file does not say.
    pub calls: Vec<(String, String)>,
    /// What was measured, by service.
    pub measured: BTreeMap<String, Measured>,
    /// What is in force in the process that has measured it, by service.
    pub running: BTreeMap<String, Running>,
    /// How many attempts per second each service bears, by name; under the empty name, those that are not named.
    pub capacity: BTreeMap<String, f64>,
}

impl Question {
    fn capacity_of(&self, service: &str) -> Option<f64> {
        self.capacity.get(service).or_else(|| self.capacity.get("")).copied()
    }
}

/// All advice: problems, then proposals, then what was refused, then notes; by service within each.
pub fn advise(file: &FileConfig, question: &Question) -> Vec<Advice> {
    let ground = Ground::new(Some(file));
    let callers = question.calls.iter().flat_map(|(caller, callee)| [caller.as_str(), callee.as_str()]);
    let names: BTreeSet<&str> =
        file.service_names().chain(callers).chain(question.measured.keys().map(String::as_str)).collect();
    // A file may have a million services: of most, nothing is kept.
    let (mut advice, mut layers) = (Vec::new(), Layers::new(&question.calls));
    for name in names {
        let subject = Subject::new(name, &ground, question.running.get(name));
        advice.extend(alone(&subject));
        if let Some(facts) = question.measured.get(name) {
            advice.extend(measured(&subject, facts, question.capacity_of(name)));
        }
        layers.add(subject);
    }
    advice.extend(layers.advice());
    let weight = |verdict: Verdict| Verdict::ALL.iter().position(|known| *known == verdict);
    advice.sort_by(|one, other| {
        let of = |advice: &Advice| (weight(advice.verdict), advice.service.clone(), advice.rule);
        of(one).cmp(&of(other))
    });
    advice
}
