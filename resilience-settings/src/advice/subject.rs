//! One service as the rules see it: its settings, where each comes from, and what changing one takes.

use std::time::Duration;

use super::piece::{Advice, Change, Rule, Verdict};
use super::running::Running;
use crate::layers::ground::Ground;
use crate::layers::resolved::{Effective, Resolved};
use crate::layers::source::Source;
use crate::policy::{CallPolicy, Key, ServicePolicy, Value};
use crate::rules::conflicts::{Conflict, Unwritten, conflicts};

/// One service.
#[derive(Debug)]
pub(super) struct Subject<'q> {
    pub(super) name: &'q str,
    /// What is in force: in the process, where one was asked, else by the file.
    resolved: Resolved,
    by_file: Resolved,
    pub(super) call: CallPolicy,
    pub(super) service: ServicePolicy,
    running: Option<&'q Running>,
}

impl<'q> Subject<'q> {
    pub(super) fn new(name: &'q str, ground: &Ground<'_>, running: Option<&'q Running>) -> Self {
        let by_file = ground.layers(name, &[], None).of_service();
        let resolved = match running {
            Some(running) => ground.layers(name, &[], Some(running.settings())).of_service(),
            None => by_file.clone(),
        };
        let (call, service) = (resolved.call_policy(), resolved.service_policy());
        Self { name, resolved, by_file, call, service, running }
    }

    pub(super) fn value(&self, key: Key) -> Option<&Value> {
        self.resolved.value(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + Clone {
        Key::ALL.iter().copied().filter(|key| self.value(*key).is_some())
    }

    /// Whether failed attempts are followed by others.
    pub(super) fn retries(&self) -> bool {
        self.call.retry_enabled && self.call.max_attempts > 1
    }

    /// How many attempts one call may make, where that is said.
    pub(super) fn attempts(&self) -> Option<u32> {
        if !self.call.retry_enabled {
            return Some(1);
        }
        (self.call.max_attempts < u32::MAX).then_some(self.call.max_attempts)
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.call.deadline
    }

    /// Whether somebody has written that the clause of this switch is off.
    pub(super) fn is_switched_off(&self, switch: Key) -> bool {
        self.value(switch) == Some(&Value::Off) && self.source(switch).is_some_and(Source::is_written)
    }

    /// A key that could not act beside the new value of this one, or is above or below it as it may not be.
    pub(super) fn contradicts(&self, key: Key, to: &Value) -> Option<Key> {
        let with = |other: Key| if other == key { Some(to) } else { self.value(other) };
        let concerned = |conflict: &Conflict| match (conflict.key == key, conflict.other == key) {
            (true, _) => Some(conflict.other),
            (_, true) => Some(conflict.key),
            _ => None,
        };
        let before = conflicts(self.keys(), |other| self.value(other), Unwritten::Unknown);
        let after = conflicts(self.keys(), with, Unwritten::Unknown);
        after.iter().filter(|conflict| !before.contains(conflict)).find_map(concerned)
    }

    /// How call sites differ in the key, if they do.
    pub(super) fn how_split(&self, key: Key) -> Option<&str> {
        self.running?.how_split(key)
    }

    /// Where the value of the key comes from.
    pub(super) fn place(&self, key: Key) -> String {
        match self.source(key) {
            None => "not set".to_owned(),
            Some(Source::Update) => "the running process".to_owned(),
            Some(source) => source.to_string(),
        }
    }

    /// What the process has too is told of the file, which has a line for it.
    fn source(&self, key: Key) -> Option<&Source> {
        let of_file = self.by_file.effective(key).filter(|file| Some(file.value()) == self.value(key));
        of_file.or_else(|| self.resolved.effective(key)).map(Effective::source)
    }

    /// A new value of a key; `None` where no table of the service can change it.
    pub(super) fn change(&self, key: Key, to: Value) -> Option<Change> {
        let is_override = match self.source(key) {
            Some(Source::Global { .. }) => return None,
            Some(Source::Override { .. } | Source::Update) => true,
            _ => false,
        };
        Some(Change { key, from: self.value(key).cloned(), to, is_override })
    }

    /// Advice on the value of a key, with what it changes.
    pub(super) fn advice(
        &self,
        (rule, verdict): (Rule, Verdict),
        key: Key,
        (number, remedy): (String, String),
        changes: Vec<(Key, Value)>,
    ) -> Advice {
        let changes = changes.into_iter().filter_map(|(key, to)| self.change(key, to)).collect();
        Advice {
            rule,
            verdict,
            service: self.name.to_owned(),
            place: self.place(key),
            number,
            remedy,
            changes,
        }
    }
}
