//! Data: one rule of `[chaos]` as it was read: whom it hits, with what, how often and when.

use std::ops::Range;
use std::time::Duration;

use crate::config::table::State;
use crate::distribution::Distribution;
use crate::duration::text;
use crate::policy::Value;
use crate::shown::quoted;

/// A rule of chaos.
#[derive(Clone, Debug)]
pub struct ChaosRule {
    pub name: String,
    /// Where its name stands.
    pub span: Range<usize>,
    pub line: u32,
    /// How far its table has been defined.
    pub state: State,
    /// Whether it is a value or a list, which has been said.
    pub is_no_table: bool,
    pub target: Option<String>,
    pub partition: Option<String>,
    pub latency: Option<Distribution>,
    pub fault: Option<ChaosFault>,
    pub rate: f64,
    pub count: Option<u64>,
    pub after: Duration,
    pub lasting: Option<Duration>,
    pub every: Option<Duration>,
    pub expires_after: Option<Duration>,
    /// Which keys it has, those of refused values included, and where their values stand.
    pub written: Vec<(&'static str, Range<usize>)>,
}

/// What an attempt meets in place of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChaosFault {
    /// An error, by name.
    Error(String),
    Hang,
    Panic,
    /// A rejection, by the name of its kind.
    Reject(&'static str),
}

/// Whether a rule with this target can hit anything: `db`, `db@load`, `db@shop::load`, `*`, `*@load`.
pub fn is_target(text: &str) -> bool {
    let (service, site) = match text.split_once('@') {
        Some((service, site)) => (service, Some(site)),
        None => (text, None),
    };
    let is_path = |site: &str| !site.is_empty() && !site.contains('@') && site.trim_matches(':') == site;
    !service.is_empty() && site.is_none_or(is_path)
}

impl ChaosRule {
    /// One without a key.
    pub fn new(name: &str, span: Range<usize>, line: u32) -> Self {
        Self {
            name: name.to_owned(),
            span,
            line,
            state: State::Absent,
            is_no_table: false,
            target: None,
            partition: None,
            latency: None,
            fault: None,
            rate: 1.0,
            count: None,
            after: Duration::ZERO,
            lasting: None,
            every: None,
            expires_after: None,
            written: Vec::new(),
        }
    }

    /// Its path in messages.
    pub fn path(&self) -> String {
        format!("chaos.{}", quoted(&self.name))
    }

    /// Where the value of a key stands.
    pub fn span_of(&self, key: &str) -> Option<Range<usize>> {
        self.written.iter().find(|(known, _)| *known == key).map(|(_, span)| span.clone())
    }

    /// Takes a value whose shape has been checked.
    pub fn set(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("hang", Value::Switch(true)) => self.fault = Some(ChaosFault::Hang),
            ("panic", Value::Switch(true)) => self.fault = Some(ChaosFault::Panic),
            ("rate", Value::Number(share)) => self.rate = *share,
            ("count", Value::Count(count)) => self.count = Some(*count),
            ("after", Value::Duration(time)) => self.after = *time,
            ("for", Value::Duration(time)) => self.lasting = Some(*time),
            ("every", Value::Duration(time)) => self.every = Some(*time),
            ("expires_after", Value::Duration(time)) => self.expires_after = Some(*time),
            _ => {}
        }
    }

    /// Takes a text.
    pub fn set_text(&mut self, key: &str, text: &str) {
        match key {
            "target" => self.target = Some(text.to_owned()),
            "partition" => self.partition = Some(text.to_owned()),
            "error" => self.fault = Some(ChaosFault::Error(text.to_owned())),
            _ => {}
        }
    }

    /// The service that it hits, or a function of which; `None` for all.
    pub fn service(&self) -> Option<&str> {
        let target = self.target.as_deref().unwrap_or_default();
        let service = target.split_once('@').map_or(target, |(service, _)| service);
        (service != "*").then_some(service)
    }

    /// Whether it hits the service, or a function of it.
    pub fn is_aimed_at(&self, service: &str) -> bool {
        self.service().is_none_or(|hit| hit == service)
    }

    /// Each key that has an effect, with its value in the notation of files. Spelling is none: `rate = 1` goes without saying.
    pub fn said(&self) -> Vec<(&'static str, String)> {
        // Without `..`, so that no key is forgotten.
        let Self {
            name: _,
            span: _,
            line: _,
            state: _,
            is_no_table: _,
            target,
            partition,
            latency,
            fault,
            rate,
            count,
            after,
            lasting,
            every,
            expires_after,
            written: _,
        } = self;
        let time = |time: &Option<Duration>| time.map(text);
        let fault = fault.as_ref().map(|fault| match fault {
            ChaosFault::Error(name) => ("error", name.clone()),
            ChaosFault::Hang => ("hang", "true".to_owned()),
            ChaosFault::Panic => ("panic", "true".to_owned()),
            ChaosFault::Reject(kind) => ("reject", (*kind).to_owned()),
        });
        let others = [
            ("rate", (*rate < 1.0).then(|| rate.to_string())),
            ("count", count.map(|count| count.to_string())),
            ("after", (!after.is_zero()).then(|| text(*after))),
            ("for", time(lasting)),
            ("every", time(every)),
            ("expires_after", time(expires_after)),
        ];
        let whom_and_what = [
            ("target", target.clone()),
            ("partition", partition.clone()),
            ("latency", latency.map(|latency| latency.to_string())),
        ];
        let present = |(key, value): (&'static str, Option<String>)| Some((key, value?));
        let first = whom_and_what.into_iter().filter_map(present);
        first.chain(fault).chain(others.into_iter().filter_map(present)).collect()
    }

    /// Whether both say the same, wherever they stand in their files.
    pub fn is_same(&self, other: &Self) -> bool {
        let of = |rule: &Self| {
            (
                (rule.name.clone(), rule.target.clone(), rule.partition.clone()),
                (rule.latency, rule.fault.clone(), rule.rate, rule.count),
                (rule.after, rule.lasting, rule.every, rule.expires_after),
            )
        };
        of(self) == of(other)
    }
}
