//! Decides which keys of one layer contradict each other. In: the keys of an attribute, or of a table of a file with the templates
//! below it, and their values. Out: every pair of them that cannot be meant. The one list of such rules, so that nothing is refused
//! in an attribute and accepted in a file.
//!
//! Between layers none of this is refused: there the deadline wins, the rest is clamped, and what cannot act is reported.

use crate::delay::WorstCase;
use crate::policy::{BudgetKind, Clause, Key, Strategy, Value};
use crate::rules::acts::{acts_with_budget, acts_with_strategy, needs, silenced_by};
use crate::rules::bounds::{BOUNDS, is_above, never_ends, never_opens, never_pays};
use crate::rules::clauses::{clause_of, switch_of};

/// Two keys of one layer that cannot both be meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// The key that is at fault: the lesser one, or the one that cannot act.
    pub key: Key,
    /// The key that it is compared with. Written as well, but for [`Reason::Lacks`] and an unwritten kind of budget.
    pub other: Key,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with two keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The key is above the other, which bounds it.
    Above,
    /// The window holds fewer calls than the breaker waits for.
    NeverOpens,
    /// No retry can be paid for.
    NeverPays,
    /// Nothing ends a call.
    NeverEnds,
    /// The delays between the attempts do not fit in the deadline.
    DelaysTooLong(WorstCase),
    /// The other key keeps this one from acting.
    Silenced,
    /// The key acts beside the other one only, which the layer leaves out or denies.
    Lacks,
    /// The strategy does not look at the key.
    OfAnotherStrategy(Strategy),
    /// A budget of this kind does not look at the key.
    OfAnotherBudget(BudgetKind),
    /// No kind of budget looks at both keys.
    OfDifferentBudgets,
}

/// What holds for a key that the layer does not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// The built-in value: an attribute is read by itself.
    BuiltIn,
    /// What another layer says, which is not known here: a table of a file is one layer of several.
    Unknown,
}

/// Every conflict among keys with values. `keys` are those that may be at fault for not acting: of a file, those of the table
/// itself, since what a template brings along is switched off on purpose.
pub fn conflicts<'v>(
    keys: impl Iterator<Item = Key> + Clone,
    value: impl Fn(Key) -> Option<&'v Value> + Copy,
    unwritten: Unwritten,
) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut add = |key, other, reason| found.push(Conflict { key, other, reason });
    let both = |key, other| Some((value(key)?, value(other)?));
    if let Some(Value::Strategy(strategy)) = value(Key::Strategy) {
        for key in keys.clone().filter(|key| !acts_with_strategy(*key, *strategy)) {
            add(key, Key::Strategy, Reason::OfAnotherStrategy(*strategy));
        }
    }
    for key in keys.clone() {
        if let Some(by) = silenced_by(key, value) {
            add(key, by, Reason::Silenced);
        } else if let Some((other, _)) = needs(key).first()
            && unwritten == Unwritten::BuiltIn
            && value(key).is_some_and(|value| *value != Value::Off)
            && !needs(key).iter().any(|(other, needed)| value(*other) == Some(needed))
        {
            add(key, *other, Reason::Lacks);
        }
    }
    let of_budget = keys.filter(|key| clause_of(*key) == Clause::Budget);
    let kind = match value(Key::BudgetKind) {
        Some(Value::BudgetKind(kind)) => Some(*kind),
        _ => (unwritten == Unwritten::BuiltIn).then(BudgetKind::default),
    };
    if let Some(kind) = kind {
        for key in of_budget.filter(|key| !acts_with_budget(*key, kind)) {
            add(key, Key::BudgetKind, Reason::OfAnotherBudget(kind));
        }
    } else if let Some((key, other)) = of_no_budget(&of_budget) {
        add(key, other, Reason::OfDifferentBudgets);
    }
    for &(lesser, greater) in BOUNDS {
        if both(lesser, greater).is_some_and(|(low, high)| is_above(low, high)) && !is_off(lesser, value) {
            add(lesser, greater, Reason::Above);
        }
    }
    if both(Key::MinCalls, Key::Window).is_some_and(|(least, window)| never_opens(least, window)) {
        add(Key::MinCalls, Key::Window, Reason::NeverOpens);
    }
    for cost in [Key::BudgetCost, Key::ThrottledCost] {
        if both(cost, Key::BurstCapacity).is_some_and(|(cost, burst)| never_pays(cost, burst))
            && kind.is_none_or(|kind| acts_with_budget(cost, kind))
        {
            add(cost, Key::BurstCapacity, Reason::NeverPays);
        }
    }
    if both(Key::MaxAttempts, Key::Deadline).is_some_and(|(most, deadline)| never_ends(most, deadline)) {
        add(Key::MaxAttempts, Key::Deadline, Reason::NeverEnds);
    }
    if let (Some(delays), Some(Value::Duration(deadline))) = (WorstCase::of(value), value(Key::Deadline))
        && delays.longest_sum(*deadline) > *deadline
    {
        add(Key::MaxAttempts, Key::Deadline, Reason::DelaysTooLong(delays));
    }
    found
}

/// Two keys that no kind of budget has both of: one of them cannot act, whatever another layer says.
fn of_no_budget(keys: &(impl Iterator<Item = Key> + Clone)) -> Option<(Key, Key)> {
    let acts_in_one = |key: Key, other: Key| {
        BudgetKind::ALL.iter().any(|kind| acts_with_budget(key, *kind) && acts_with_budget(other, *kind))
    };
    keys.clone().enumerate().find_map(|(index, key)| {
        let mut before = keys.clone().take(index);
        before.find(|other| !acts_in_one(key, *other)).map(|other| (key, other))
    })
}

/// Whether the layer switches off the clause of the key.
fn is_off<'v>(key: Key, value: impl Fn(Key) -> Option<&'v Value>) -> bool {
    switch_of(clause_of(key)).is_some_and(|(switch, on)| value(switch).is_some_and(|value| *value != on))
}
