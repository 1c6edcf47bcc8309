//! A read file goes in, the faults between its keys come out. Only values that the file itself has are
//! compared, those of the templates it extends included: what other layers add is clamped, never refused.

use crate::config::entry::Entry;
use crate::config::fault::Fault;
use crate::config::file::FileConfig;
use crate::delay::WorstCase;
use crate::policy::{BudgetKind, Clause, Key, Strategy, Value};
use crate::reader::check::extends::{Chains, check_bases};
use crate::reader::check::fold::{Fold, Folds};
use crate::reader::document::Document;
use crate::rules::acts::{acts_with_budget, acts_with_strategy, silenced_by};
use crate::rules::bounds::{BOUNDS, is_above, never_ends, never_opens};
use crate::rules::clauses::{clause_of, switch_of};

/// Reports every fault between keys.
pub(crate) fn check(file: &FileConfig, document: &mut Document<'_>) {
    let chains = Chains::check(file, document);
    check_bases(file, document);
    let mut folds = Folds::new(file, &chains);
    let tables = file.templates.iter().chain(file.services.iter()).chain(file.overrides.iter());
    // A fault stands at a value that the table itself has.
    for own in tables.filter(|entry| !entry.values.is_empty()) {
        if let Some(below) = folds.below(own) {
            Folded { own, values: below.with(own) }.check(document);
        }
    }
}

/// The values of an entry over those of its templates.
struct Folded<'f> {
    own: &'f Entry,
    values: Fold<'f>,
}

impl Folded<'_> {
    fn check(&self, document: &mut Document<'_>) {
        for (lesser, greater) in BOUNDS {
            self.check_order(document, *lesser, *greater);
        }
        self.check_calls(document);
        self.check_backoff(document);
        self.check_end(document);
        self.check_idle(document);
        self.check_budget(document);
    }

    fn value(&self, key: Key) -> Option<&Value> {
        self.values.value(key)
    }

    /// Whether the file switches off the clause of the key.
    fn is_off(&self, key: Key) -> bool {
        switch_of(clause_of(key))
            .is_some_and(|(switch, on)| self.value(switch).is_some_and(|value| *value != on))
    }

    fn own_keys(&self) -> impl Iterator<Item = Key> {
        self.own.values.iter().map(|written| written.key)
    }

    fn is_own(&self, key: Key) -> bool {
        self.own.values.get(key).is_some()
    }

    /// Reports at the value that the entry itself has; when all come from a template, it was said there.
    fn report(
        &self,
        document: &mut Document<'_>,
        (key, other): (Key, Key),
        reason: impl FnOnce() -> String,
        help: Option<&str>,
    ) {
        let (key, other) = if self.is_own(key) { (key, other) } else { (other, key) };
        let (Some(at), Some(beside)) = (self.own.values.get(key), self.values.get(other)) else {
            return;
        };
        document.report_at(at.span().start, |_| {
            let of = self.own.path();
            let mut fault =
                Fault::new(format!("{of}.{}", key.path()), at.span(), format!("in `{of}`, {}", reason()));
            fault.help = help.map(str::to_owned);
            let label = format!("`{}` is {}", other.path(), beside.value);
            let fault = fault.label(format!("`{}` is {}", key.path(), at.value));
            fault.also(beside.span(), label)
        });
    }

    fn check_order(&self, document: &mut Document<'_>, lesser: Key, greater: Key) {
        if let (Some(low), Some(high)) = (self.value(lesser), self.value(greater))
            && is_above(low, high)
            && !self.is_off(lesser)
        {
            let reason = || format!("`{}` is above `{}`", lesser.path(), greater.path());
            self.report(document, (lesser, greater), reason, None);
        }
    }

    fn check_calls(&self, document: &mut Document<'_>) {
        if let (Some(least), Some(window)) = (self.value(Key::MinCalls), self.value(Key::Window))
            && never_opens(least, window)
        {
            let reason = || {
                "`breaker.min_calls` is above the calls that `breaker.window` holds, so it never opens"
                    .to_owned()
            };
            self.report(document, (Key::MinCalls, Key::Window), reason, None);
        }
    }

    fn check_end(&self, document: &mut Document<'_>) {
        if let (Some(attempts), Some(deadline)) = (self.value(Key::MaxAttempts), self.value(Key::Deadline))
            && never_ends(attempts, deadline)
        {
            let reason =
                || "nothing ends a call: `max_attempts` is unlimited and `deadline` is off".to_owned();
            let help = "write a `deadline`, or a number of attempts";
            self.report(document, (Key::MaxAttempts, Key::Deadline), reason, Some(help));
        }
    }

    fn check_backoff(&self, document: &mut Document<'_>) {
        let (Some(delays), Some(Value::Duration(deadline))) =
            (WorstCase::of(|key| self.value(key)), self.value(Key::Deadline))
        else {
            return;
        };
        if delays.longest_sum(*deadline) > *deadline {
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
            let reason = || "the delays between all attempts may be longer than the `deadline`".to_owned();
            let help = "make the deadline longer, the delays shorter, or the attempts fewer";
            self.report(document, (at, other), reason, Some(help));
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
                    let reason = || format!("`{}` cannot act with the strategy `{strategy}`", key.path());
                    self.report(document, (key, Key::Strategy), reason, Some("remove it"));
                }
            }
        }
        for key in self.own_keys() {
            if let Some(by) = silenced_by(key, |other| self.value(other))
                && let Some(value) = self.value(by)
            {
                let reason = || format!("`{}` cannot act while `{}` is {value}", key.path(), by.path());
                self.report(document, (key, by), reason, Some("remove one of them"));
            }
        }
    }

    fn check_budget(&self, document: &mut Document<'_>) {
        if let Some(Value::BudgetKind(kind)) = self.value(Key::BudgetKind) {
            for key in self.own_keys().filter(|key| !acts_with_budget(*key, *kind)) {
                let reason = || format!("`{}` cannot act in a budget of kind `{kind}`", key.path());
                let help = "remove it, or choose another kind";
                self.report(document, (key, Key::BudgetKind), reason, Some(help));
            }
            return;
        }
        // No kind has both: one of them cannot act, whatever another layer says.
        let acts_in_none = |key: Key, other: Key| {
            let kinds = BudgetKind::ALL.iter();
            !kinds.clone().any(|kind| acts_with_budget(key, *kind) && acts_with_budget(other, *kind))
        };
        let own: Vec<Key> = self.own_keys().filter(|key| clause_of(*key) == Clause::Budget).collect();
        for (index, key) in own.iter().enumerate() {
            if let Some(other) = own.iter().take(index).find(|other| acts_in_none(*key, **other)) {
                let reason =
                    || format!("`{}` and `{}` belong to different kinds of budget", key.path(), other.path());
                self.report(document, (*key, *other), reason, Some("write `kind`, and keep only its keys"));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
