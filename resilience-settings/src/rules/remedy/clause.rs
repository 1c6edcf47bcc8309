//! Finds the key that a value is meant for which stands where a clause should.

use super::numbers::as_number;
use super::{Notation, Wanted};
use crate::policy::{Clause, Key, Value};
use crate::rules::clauses::named;
use crate::rules::literal::{Literal, value};

impl Wanted<'_> {
    /// A value for one of the keys of a clause where the clause should stand.
    pub(super) fn of_clause(self, literal: &Literal<'_>) -> Option<String> {
        if let Some(word) = literal.text().and_then(|text| self.off_or_switch(text.trim())) {
            return Some(word);
        }
        let clause = named(self.name)?;
        let literal = match literal {
            Literal::Text(text) => as_number(text.trim()).unwrap_or_else(|| literal.clone()),
            literal => literal.clone(),
        };
        if literal == Literal::Whole(0) {
            return Some(format!("write {}", self.shown(&Value::Off)));
        }
        let key = main_keys(clause).iter().find_map(|key| {
            let inner = Wanted { name: key.info().name, shape: key.info().shape, ..self };
            let written = value(inner.shape, &literal).map(|value| inner.code(&value));
            let percent = || {
                literal
                    .text()?
                    .trim()
                    .strip_suffix('%')
                    .and_then(|text| inner.share(as_number(text)?.number()?))
            };
            Some(format!("{} = {}", inner.name, written.or_else(percent)?))
        });
        let name = self.name;
        match (self.notation, key) {
            (Notation::File, Some(key)) => {
                Some(format!("write a table: `{name} = {{ {key} }}`, or `{key}` below `[….{name}]`"))
            }
            (Notation::Attribute, Some(key)) if clause != Clause::Breaker => {
                Some(format!("write `{name}({key})`"))
            }
            _ => None,
        }
    }
}

/// The keys that somebody may mean who gives a clause one value, the likeliest first.
fn main_keys(clause: Clause) -> &'static [Key] {
    match clause {
        Clause::Bulkhead => &[Key::MaxConcurrent, Key::BulkheadMaxWait],
        Clause::RateLimit => &[Key::PerSecond, Key::RateMaxWait],
        Clause::Throttle => &[Key::ThrottleK, Key::ThrottleWindow],
        Clause::Hedge => &[Key::HedgeMax, Key::HedgeAfter],
        Clause::Cache => &[Key::CacheTtl, Key::CacheMode],
        Clause::Breaker => &[Key::FailureRate, Key::ConsecutiveFailures, Key::OpenFor],
        Clause::Budget => &[Key::BudgetRatio, Key::BurstCapacity, Key::BudgetKind],
        _ => &[],
    }
}
