//! Proposes hedging, where the tail of latencies is long. In: measured latencies. Out: whether hedging helps: p99 above twice p95,
//! on calls that may run twice, and room for the copies.

use std::time::Duration;

use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::{Key, Percentile, Value};

/// By how much the tail has to be longer.
const TAIL: u32 = 2;
/// The most of the bulkhead that may be in use.
const MOST_USED: f64 = 0.7;

pub(super) fn hedge(subject: &Subject<'_>, facts: &Measured) -> Option<Advice> {
    let (p95, p99) = (facts.p95?, facts.p99?);
    if subject.call.hedge.is_some() || subject.is_switched_off(Key::Hedge) || p99 <= p95.saturating_mul(TAIL)
    {
        return None;
    }
    let tail = format!("p99 {} is more than twice p95 {}", short(p99), short(p95));
    let refuse = |number: String, remedy: &str| {
        let told = (format!("{tail}, but {number}"), remedy.to_owned());
        Some(subject.advice((Rule::Hedge, Verdict::Refused), Key::Hedge, told, Vec::new()))
    };
    if subject.call.idempotent != Some(true) {
        return refuse(
            "nothing says that the body may run twice".to_owned(),
            "write `idempotent = true` where it may, and `hedge` in the attribute",
        );
    }
    if let Some(how) = subject.how_split(Key::Hedge) {
        return refuse(format!("call sites differ in `hedge`: {how}"), "decide for each");
    }
    #[expect(clippy::cast_precision_loss, reason = "calls in flight")]
    let used = facts.bulkhead_limit.map(|limit| facts.in_flight_peak as f64 / f64::from(limit.max(1)));
    if let Some(used) = used.filter(|used| *used >= MOST_USED) {
        let (used, most) = (used * 100.0, MOST_USED * 100.0);
        return refuse(
            format!(
                "{used:.0} % of the bulkhead are in use at the most, and copies need it below {most:.0} %"
            ),
            "copies would wait for permits, or take those of others",
        );
    }
    let changes = vec![(Key::HedgeAfter, Value::Quantile(Percentile::P95.ratio()))];
    let remedy =
        "write `hedge.after = \"p95\"`, with `hedge` in the attribute, whose body is then made in copies"
            .to_owned();
    let advice = subject.advice((Rule::Hedge, Verdict::Proposal), Key::Hedge, (tail, remedy), changes);
    (!advice.changes.is_empty()).then_some(advice)
}

fn short(time: Duration) -> String {
    text(whole(time, Duration::from_micros(1)))
}
