//! Decides whether a computed value is far enough from the present one to be proposed. In: a computed value and the present one.
//! Out: a proposal, no change when near, or only a remark when far below, since a mistake would cut off calls that are fine.

use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::policy::{Key, Patch, Value};

/// A smaller change is not worth a change.
const LEAST_CHANGE: f64 = 0.25;
/// No value is proposed below this share of today's.
const LEAST_SHARE: f64 = 0.5;
/// Shares are written in decimals, and what differs by less than this is equal.
const SAME: f64 = 1e-9;

/// How a computed value stands to that of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nearly the same.
    None,
    /// A change that is proposed.
    Proposed,
    /// Below half of today's.
    TooFar,
}

/// Compares a computed value with that of today.
pub(super) fn step(today: f64, computed: f64) -> Step {
    if computed < today * LEAST_SHARE - SAME {
        Step::TooFar
    } else if (computed - today).abs() < today * LEAST_CHANGE - SAME {
        Step::None
    } else {
        Step::Proposed
    }
}

/// A computed value of one key.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) rule: Rule,
    pub(super) key: Key,
    /// Today's value as a number; `None` where there is none to keep to.
    pub(super) today: Option<f64>,
    pub(super) amount: f64,
    pub(super) to: Value,
    /// How it was computed.
    pub(super) number: String,
}

/// A proposal, a refusal, or nothing.
pub(super) fn propose(subject: &Subject<'_>, of: Computed) -> Option<Advice> {
    let Computed { rule, key, today, amount, to, number } = of;
    let path = key.path();
    let shown = subject.value(key).map_or("not set".to_owned(), ToString::to_string);
    if let Some(how) = subject.how_split(key) {
        let number = format!("call sites differ in `{path}`: {how}; computed: {number}");
        let remedy = "say the same in their attributes, or decide for each".to_owned();
        return Some(subject.advice((rule, Verdict::Refused), key, (number, remedy), Vec::new()));
    }
    let step = today.map_or(Step::Proposed, |today| step(today, amount));
    if step == Step::Proposed
        && let Some((_, other)) = subject.contradicts(&Patch::new().with(key, to.clone()))
    {
        let number =
            format!("`{path} = {to}` does not go with {}; computed: {number}", subject.told_of(other));
        let remedy = "change both, or neither".to_owned();
        return Some(subject.advice((rule, Verdict::Refused), key, (number, remedy), Vec::new()));
    }
    match step {
        Step::None => None,
        Step::Proposed => {
            let remedy = format!("write `{}`", crate::advice::patch::assignment(key, &to));
            let advice = subject.advice((rule, Verdict::Proposal), key, (number, remedy), vec![(key, to)]);
            // A switch of `[global]` cannot be reached.
            (!advice.changes.is_empty()).then_some(advice)
        }
        Step::TooFar => {
            let share = today.map_or(0.0, |today| amount / today * 100.0);
            let number =
                format!("`{path}` is {shown} today, and the computed {to} is {share:.0} % of that: {number}");
            let remedy = "none is proposed below half of today's value: go there in steps, and measure each"
                .to_owned();
            Some(subject.advice((rule, Verdict::Refused), key, (number, remedy), Vec::new()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_between_half_of_today_and_a_quarter_away_from_it() {
        for (computed, expected) in [
            (49.9, Step::TooFar),
            (50.0, Step::Proposed),
            (75.0, Step::Proposed),
            (75.1, Step::None),
            (100.0, Step::None),
            (124.9, Step::None),
            (125.0, Step::Proposed),
            (1_000.0, Step::Proposed),
        ] {
            assert_eq!(step(100.0, computed), expected, "{computed}");
        }
        assert_eq!(step(0.0, 0.0), Step::Proposed);
    }
}
