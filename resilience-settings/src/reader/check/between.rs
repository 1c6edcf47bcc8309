//! Finds the faults between keys of a file, by the rules in `rules/conflicts`. Only values that the file itself has are compared,
//! those of the templates it extends included: what other layers add is clamped, never refused.

use crate::config::entry::Entry;
use crate::config::fault::Fault;
use crate::config::file::FileConfig;
use crate::policy::{Key, Value};
use crate::reader::check::extends::{Chains, check_bases};
use crate::reader::check::fold::{Fold, Folds};
use crate::reader::document::Document;
use crate::rules::conflicts::{Conflict, Reason, Unwritten, conflicts};

/// Reports every fault between keys.
pub(crate) fn check(file: &FileConfig, document: &mut Document<'_>) {
    for rule in &file.chaos {
        rule.check(document);
    }
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
        let own = self.own.values.iter().map(|written| written.key);
        for Conflict { key, other, reason } in
            conflicts(own, |key| self.values.value(key), Unwritten::Unknown)
        {
            let (key, other) = match reason {
                Reason::DelaysTooLong(_) => self.part_of_delays(),
                _ => (key, other),
            };
            self.report(document, (key, other), reason);
        }
    }

    fn is_own(&self, key: Key) -> bool {
        self.own.values.get(key).is_some()
    }

    /// Reports at the value that the entry itself has; when all come from a template, it was said there.
    fn report(&self, document: &mut Document<'_>, (key, other): (Key, Key), reason: Reason) {
        let (at, beside) = if self.is_own(key) { (key, other) } else { (other, key) };
        let (Some(value), Some(other_value)) = (self.own.values.get(at), self.values.get(beside)) else {
            return;
        };
        document.report_at(value.span().start, |_| {
            let of = self.own.path();
            let (message, help) = words((key, other), reason, self.values.value(other));
            let message = format!("in `{of}`, {message}");
            let mut fault = Fault::new(format!("{of}.{}", at.path()), value.span(), message);
            fault.help = help;
            let label = format!("`{}` is {}", beside.path(), other_value.value);
            let fault = fault.label(format!("`{}` is {}", at.path(), value.value));
            fault.also(other_value.span(), label)
        });
    }

    /// The first part of a sum of delays that the entry itself has, and what it is too long for.
    fn part_of_delays(&self) -> (Key, Key) {
        let parts = [
            Key::Deadline,
            Key::MaxAttempts,
            Key::BaseDelay,
            Key::MaxDelay,
            Key::Strategy,
            Key::Multiplier,
            Key::Jitter,
        ];
        let at = parts.into_iter().find(|key| self.is_own(*key)).unwrap_or(Key::Deadline);
        (at, if at == Key::Deadline { Key::MaxAttempts } else { Key::Deadline })
    }
}

/// What is wrong with two keys, and what to do about it. `by` is the value of the second.
fn words((key, other): (Key, Key), reason: Reason, by: Option<&Value>) -> (String, Option<String>) {
    let (low, high) = (key.path(), other.path());
    let remedy = |help: &str| Some(help.to_owned());
    match reason {
        Reason::Above => (format!("`{low}` is above `{high}`"), None),
        Reason::NeverOpens => (
            format!("`{low}` is above the calls that `{high}` holds, so it never opens"),
            remedy("lower it, or make the window longer"),
        ),
        Reason::NeverPays => (
            format!("`{low}` is more than `{high}` holds, so it could never be paid"),
            Some(format!("lower it, or raise `{high}`")),
        ),
        Reason::NeverEnds => (
            format!("nothing ends a call: `{low}` is unlimited and `{high}` is off"),
            remedy("write a `deadline`, or a number of attempts"),
        ),
        Reason::DelaysTooLong(_) => (
            "the delays between all attempts may be longer than the `deadline`".to_owned(),
            remedy("make the deadline longer, the delays shorter, or the attempts fewer"),
        ),
        Reason::Silenced if key == Key::SlowCall => (
            format!("`{low}` is above `{high}`, so no call could ever be slow"),
            Some(format!("lower it, or raise `{high}`")),
        ),
        Reason::Silenced | Reason::Lacks => {
            let by = by.map(ToString::to_string).unwrap_or_default();
            (format!("`{low}` cannot act while `{high}` is {by}"), remedy("remove one of them"))
        }
        Reason::OfAnotherStrategy(strategy) => {
            (format!("`{low}` cannot act with the strategy `{strategy}`"), remedy("remove it"))
        }
        Reason::OfAnotherBudget(kind) => (
            format!("`{low}` cannot act in a budget of kind `{kind}`"),
            remedy("remove it, or choose another kind"),
        ),
        Reason::OfDifferentBudgets => (
            format!("`{low}` and `{high}` belong to different kinds of budget"),
            remedy("write `kind`, and keep only its keys"),
        ),
    }
}

#[cfg(test)]
mod tests;
