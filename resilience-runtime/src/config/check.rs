//! A read file goes in, the faults between its keys come out. Only values that the file itself has are
//! compared, those of the templates it extends included: what other layers add is clamped, never refused.

use std::collections::BTreeMap;
use std::time::Duration;

use super::acts::{acts_with_budget, acts_with_strategy, silenced_by};
use super::backoff_sum::Delays;
use super::bounds::{BOUNDS, is_above};
use super::chain::Chain;
use super::clauses::{clause_of, switch_of};
use super::document::Document;
use super::entry::{Entry, Written};
use super::extends::{check_base, check_extends};
use super::fault::Fault;
use super::file::FileConfig;
use crate::policy::{BudgetKind, Key, Strategy, Value, Window};

/// Reports every fault between keys.
pub(super) fn check(file: &FileConfig, document: &mut Document<'_>) {
    for (name, entry) in &file.templates {
        check_extends(file, document, name, entry);
        let chain = Chain::of(Some(file), name);
        let below = chain.tables.iter().rev().skip(1).rev().map(|(_, entry)| *entry);
        check_entry(document, entry, below);
    }
    for entry in file.services.values() {
        check_base(file, document, entry, "template");
        let template = entry.base.as_ref().map(|base| Chain::of(Some(file), &base.name));
        check_entry(
            document,
            entry,
            template.iter().flat_map(|chain| chain.tables.iter().map(|(_, entry)| *entry)),
        );
    }
    for entry in file.overrides.values() {
        check_entry(document, entry, std::iter::empty());
    }
}

/// The values of an entry over those of its templates.
struct Folded<'f> {
    own: &'f Entry,
    values: BTreeMap<Key, &'f Written>,
}

fn check_entry<'f>(document: &mut Document<'_>, own: &'f Entry, below: impl Iterator<Item = &'f Entry>) {
    let layers = below.chain(std::iter::once(own));
    let values = layers.flat_map(|entry| entry.values.iter().map(|(key, written)| (*key, written)));
    let folded = Folded { own, values: values.collect() };
    for (lesser, greater) in BOUNDS {
        folded.check_order(document, *lesser, *greater);
    }
    folded.check_calls(document);
    folded.check_backoff(document);
    folded.check_idle(document);
    folded.check_budget(document);
}

impl Folded<'_> {
    fn value(&self, key: Key) -> Option<&Value> {
        self.values.get(&key).map(|written| &written.value)
    }

    fn duration(&self, key: Key) -> Option<Duration> {
        match self.value(key)? {
            Value::Duration(time) => Some(*time),
            _ => None,
        }
    }

    /// Whether the file switches off the clause of the key.
    fn is_off(&self, key: Key) -> bool {
        switch_of(clause_of(key))
            .is_some_and(|(switch, on)| self.value(switch).is_some_and(|value| *value != on))
    }

    fn is_own(&self, key: Key) -> bool {
        self.own.values.contains_key(&key)
    }

    /// Reports at the value that the entry itself has; when all come from a template, it was said there.
    fn report(&self, document: &mut Document<'_>, key: Key, other: Key, reason: &str, help: Option<&str>) {
        let (key, other) = if self.is_own(key) { (key, other) } else { (other, key) };
        let (Some(at), Some(beside)) = (self.own.values.get(&key), self.values.get(&other)) else {
            return;
        };
        let path = format!("{}.{}", self.own.path, key.path());
        let mut fault = Fault::new(&path, at.span.clone(), format!("in `{}`, {reason}", self.own.path));
        fault.help = help.map(str::to_owned);
        let label = format!("`{}` is {}", other.path(), beside.value);
        let fault = fault.label(format!("`{}` is {}", key.path(), at.value));
        document.report(fault.also(beside.span.clone(), label));
    }

    fn check_order(&self, document: &mut Document<'_>, lesser: Key, greater: Key) {
        if let (Some(low), Some(high)) = (self.value(lesser), self.value(greater))
            && is_above(low, high)
            && !self.is_off(lesser)
        {
            let reason = format!("`{}` is above `{}`", lesser.path(), greater.path());
            self.report(document, lesser, greater, &reason, None);
        }
    }

    fn check_calls(&self, document: &mut Document<'_>) {
        if let (Some(Value::Count(least)), Some(Value::Window(Window::Calls(calls)))) =
            (self.value(Key::MinCalls), self.value(Key::Window))
            && *least > u64::from(*calls)
        {
            let reason =
                "`breaker.min_calls` is above the calls that `breaker.window` holds, so it never opens";
            self.report(document, Key::MinCalls, Key::Window, reason, None);
        }
    }

    fn check_backoff(&self, document: &mut Document<'_>) {
        let (Some(Value::Count(attempts)), Some(base), Some(deadline)) =
            (self.value(Key::MaxAttempts), self.duration(Key::BaseDelay), self.duration(Key::Deadline))
        else {
            return;
        };
        let number = |key| match self.value(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let delays = Delays {
            attempts: *attempts,
            base,
            max: self.duration(Key::MaxDelay),
            strategy: self.strategy(),
            multiplier: number(Key::Multiplier).unwrap_or(2.0),
            jitter: number(Key::Jitter),
        };
        if delays.longest_sum(deadline) > deadline {
            let parts = [
                Key::Deadline,
                Key::MaxAttempts,
                Key::BaseDelay,
                Key::MaxDelay,
                Key::Strategy,
                Key::Multiplier,
            ];
            let at = parts.into_iter().find(|key| self.is_own(*key)).unwrap_or(Key::Deadline);
            let other = if at == Key::Deadline { Key::MaxAttempts } else { Key::Deadline };
            let reason = "the delays between all attempts may be longer than the `deadline`";
            let help = "make the deadline longer, the delays shorter, or the attempts fewer";
            self.report(document, at, other, reason, Some(help));
        }
    }

    fn strategy(&self) -> Option<Strategy> {
        match self.value(Key::Strategy)? {
            Value::Strategy(strategy) => Some(*strategy),
            _ => None,
        }
    }

    /// Keys that cannot act. Only where the entry itself has them: one that a template brings along is
    /// switched off on purpose by whoever writes another strategy.
    fn check_idle(&self, document: &mut Document<'_>) {
        if let Some(strategy) = self.strategy() {
            for key in [Key::Multiplier, Key::Jitter] {
                if self.is_own(key) && !acts_with_strategy(key, strategy) {
                    let reason = format!("`{}` cannot act with the strategy `{strategy}`", key.path());
                    self.report(document, key, Key::Strategy, &reason, Some("remove it"));
                }
            }
        }
        for key in self.own.values.keys().copied() {
            if let Some(by) = silenced_by(key, |other| self.value(other))
                && let Some(value) = self.value(by)
            {
                let reason = format!("`{}` cannot act while `{}` is {value}", key.path(), by.path());
                self.report(document, key, by, &reason, Some("remove one of them"));
            }
        }
    }

    fn check_budget(&self, document: &mut Document<'_>) {
        if let Some(Value::BudgetKind(kind)) = self.value(Key::BudgetKind) {
            for key in self.own.values.keys().copied().filter(|key| !acts_with_budget(*key, *kind)) {
                let reason = format!("`{}` cannot act in a budget of kind `{kind}`", key.path());
                self.report(
                    document,
                    key,
                    Key::BudgetKind,
                    &reason,
                    Some("remove it, or choose another kind"),
                );
            }
            return;
        }
        // No kind has both: one of them cannot act, whatever another layer says.
        let acts_in_none = |key: Key, other: Key| {
            let kinds = BudgetKind::ALL.iter();
            !kinds.clone().any(|kind| acts_with_budget(key, *kind) && acts_with_budget(other, *kind))
        };
        let own: Vec<Key> = self.own.values.keys().copied().collect();
        for (index, key) in own.iter().enumerate() {
            if let Some(other) = own.iter().take(index).find(|other| acts_in_none(*key, **other)) {
                let reason =
                    format!("`{}` and `{}` belong to different kinds of budget", key.path(), other.path());
                self.report(document, *key, *other, &reason, Some("write `kind`, and keep only its keys"));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
