//! Holds one service as the rules of advice see it. In: one service and the changes decided so far. Out: its settings as the rules
//! see them, with their origins.

use std::collections::BTreeMap;
use std::time::Duration;

use super::piece::{Advice, Change, Rule, Verdict};
use super::running::Running;
use crate::layers::ground::Ground;
use crate::layers::resolved::{Adjustment, Effective, Resolved};
use crate::layers::source::Source;
use crate::policy::{CallPolicy, Key, Patch, ServicePolicy, Value};
use crate::rules::clauses::{clause_of, switch_of, with_clauses};
use crate::rules::conflicts::{Unwritten, conflicts};

/// One service.
#[derive(Debug)]
pub(super) struct Subject<'q> {
    pub(super) name: &'q str,
    /// What will be in force.
    resolved: Resolved,
    /// What is in force today: in the process, where one was asked, else by the file.
    today: Resolved,
    by_file: Resolved,
    pub(super) call: CallPolicy,
    pub(super) service: ServicePolicy,
    running: Option<&'q Running>,
    /// The changes, with the switches of their clauses.
    decided: BTreeMap<Key, Value>,
}

impl<'q> Subject<'q> {
    /// `changes` are those that have been decided.
    pub(super) fn new(
        name: &'q str,
        ground: &Ground<'_>,
        running: Option<&'q Running>,
        changes: Option<&Patch>,
    ) -> Self {
        let by_file = ground.layers(name, &[], None).of_service();
        let layers = ground.layers(name, &[], running.map(Running::settings));
        let today = if running.is_some() { layers.of_service() } else { by_file.clone() };
        let resolved = changes.map_or_else(|| today.clone(), |changes| layers.of_service_with(changes));
        let (call, service) = (resolved.call_policy(), resolved.service_policy());
        let decided = changes.map(|changes| with_clauses(changes.iter())).into_iter().flatten().collect();
        Self { name, resolved, today, by_file, call, service, running, decided }
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

    /// A new value, and one that it does not go with: they could not both act, or one is above the other as it may not be. Either
    /// they would stand in one table of the file, which is refused then, or they meet where all layers come together.
    pub(super) fn contradicts(&self, changes: &Patch) -> Option<(Key, Key)> {
        let changes: BTreeMap<Key, Value> = with_clauses(changes.iter()).into_iter().collect();
        let in_one_table = [false, true].into_iter().find_map(|is_override| {
            let written = |key: Key| {
                let value = changes.get(&key).or_else(|| self.decided.get(&key))?;
                (self.is_override(key) == Some(is_override)).then_some(value)
            };
            let value = |key: Key| written(key).or_else(|| self.in_table(key, is_override));
            let keys = Key::ALL.iter().copied().filter(|key| value(*key).is_some());
            conflicts(keys, value, Unwritten::Unknown).into_iter().next()
        });
        let found = in_one_table.or_else(|| {
            let value = |key: Key| changes.get(&key).or_else(|| self.value(key));
            let keys = Key::ALL.iter().copied().filter(|key| value(*key).is_some());
            let before = conflicts(self.keys(), |key| self.value(key), Unwritten::Unknown);
            let after = conflicts(keys, value, Unwritten::Unknown);
            after.into_iter().find(|conflict| !before.contains(conflict))
        })?;
        let is_new = changes.contains_key(&found.key);
        Some(if is_new { (found.key, found.other) } else { (found.other, found.key) })
    }

    /// What the table of the service has, the templates below it included, or the override.
    fn in_table(&self, key: Key, is_override: bool) -> Option<&Value> {
        let of_table = |source: &Source| match source {
            Source::Override { .. } => is_override,
            Source::File { .. } | Source::FileTemplate { .. } => !is_override,
            _ => false,
        };
        let effective = self.by_file.effective(key)?;
        let written = effective.adjusted().map_or(effective.value(), Adjustment::original);
        let hidden = effective.hides().iter().map(|(source, value)| (source, value));
        let mut all = std::iter::once((effective.source(), written)).chain(hidden);
        all.find(|(source, _)| of_table(source)).map(|(_, value)| value)
    }

    /// What is said of a value that another one contradicts.
    pub(super) fn told_of(&self, other: Key) -> String {
        let said = self.value(other).map_or("not set".to_owned(), ToString::to_string);
        format!("`{}`, which is {said} ({})", other.path(), self.place(other))
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

    /// Where the value of today comes from. What the process has too is told of the file, which has a line for it.
    fn source(&self, key: Key) -> Option<&Source> {
        let of_file = self.by_file.effective(key).filter(|file| Some(file.value()) == self.today.value(key));
        of_file.or_else(|| self.today.effective(key)).map(Effective::source)
    }

    /// Whether only an override reaches a key, since a stronger layer than the table of the service has a say; `None` where no
    /// table of the service does.
    fn is_override(&self, key: Key) -> Option<bool> {
        // A key of a clause that is off is reached only where the clause can be switched on.
        let switch = switch_of(clause_of(key)).map(|(switch, _)| switch);
        let switched_off = switch.filter(|switch| self.today.value(*switch) == Some(&Value::Off));
        let sources = || [Some(key), switched_off].into_iter().flatten().filter_map(|key| self.source(key));
        if sources().any(|source| matches!(source, Source::Global { .. })) {
            return None;
        }
        Some(sources().any(|source| matches!(source, Source::Override { .. } | Source::Update)))
    }

    /// A new value of a key; `None` where no table of the service can change it.
    pub(super) fn change(&self, key: Key, to: Value) -> Option<Change> {
        let is_override = self.is_override(key)?;
        Some(Change { key, from: self.today.value(key).cloned(), to, is_override })
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
