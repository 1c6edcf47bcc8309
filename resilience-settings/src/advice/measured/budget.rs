//! Proposes the `ratio` of the retry budget. In: measured calls and retries. Out: the budget `ratio`: twice what healthy days need,
//! from 2 to 10 %. Where it is known how much the service bears, calls and retries together stay below that at the highest rate.

use super::step::{Computed, propose};
use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::policy::{BudgetSettings, Key, Value};

const MARGIN: f64 = 2.0;
const LEAST: f64 = 0.02;
const MOST: f64 = 0.1;

pub(super) fn ratio(subject: &Subject<'_>, facts: &Measured, capacity: Option<f64>) -> Option<Advice> {
    if !subject.retries() || !subject.call.retry_budget_enabled {
        return None;
    }
    let bucket = match subject.service.budget.as_ref()? {
        BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => bucket,
        BudgetSettings::SlidingWindow(_) | BudgetSettings::FixedWindow(_) => return None,
    };
    let refuse = |number: String, remedy: &str| {
        let told = (number, remedy.to_owned());
        Some(subject.advice((Rule::BudgetRatio, Verdict::Refused), Key::BudgetRatio, told, Vec::new()))
    };
    let Some(share) = facts.retry_share_p95 else {
        return refuse(
            "retries were not counted for five minutes".to_owned(),
            "ask again after more traffic",
        );
    };
    let mut computed = (MARGIN * share).clamp(LEAST, MOST);
    let mut number =
        format!("2 × the 95th percentile of retries per call, {share:.4}, between {LEAST} and {MOST}");
    if let Some(capacity) = capacity {
        let Some(peak) = facts.peak_per_second.filter(|peak| *peak > 0.0) else {
            return refuse(
                "the highest rate of attempts is not known".to_owned(),
                "ask again after more traffic",
            );
        };
        let room = capacity / peak - 1.0;
        if room <= 0.0 {
            return refuse(
                format!("a capacity of {capacity} per second is used up by {peak:.1} attempts per second"),
                "there is no room for retries: limit the calls first",
            );
        }
        if room < computed {
            computed = room;
            number = format!(
                "a capacity of {capacity} per second leaves {room:.4} of {peak:.1} attempts per second"
            );
        }
    }
    // Four digits are more than was measured; down, so that the capacity is kept.
    let computed = (computed * 1e4 + 1e-6).floor() / 1e4;
    let to = Value::Number(computed);
    let today = Some(bucket.ratio.get());
    propose(
        subject,
        Computed { rule: Rule::BudgetRatio, key: Key::BudgetRatio, today, amount: computed, to, number },
    )
}
