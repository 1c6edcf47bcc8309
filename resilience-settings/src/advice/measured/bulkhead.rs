//! Proposes `max_concurrent`, the queue and the longest wait of a bulkhead. In: the highest rate and the latency while the service
//! is well. Out: `max_concurrent`, with a margin. By Little's law the mean is R = λ · mean; a Poisson number is below R + 3 √R in
//! more than 99.8 of 100 moments. The queue has room for those that come within the longest wait, and nobody waits for more than a
//! quarter of the deadline.

use std::time::Duration;

use super::step::{Computed, propose};
use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::{BulkheadSettings, Key, Value};

const LEAST: f64 = 4.0;
/// How much more than the most that was seen.
const MARGIN: f64 = 1.5;
/// By how much measured and computed attempts in flight may differ, as a share of the computed.
const MOST_APART: f64 = 0.2;
/// The share of the deadline that may be spent in the queue.
const SHARE_OF_DEADLINE: u32 = 4;
/// Waits are told in whole ones, and a shorter one is none.
const LEAST_WAIT: Duration = Duration::from_millis(1);

pub(super) fn bulkhead(subject: &Subject<'_>, facts: &Measured) -> Vec<Advice> {
    let today = subject.service.bulkhead.as_ref();
    let refuse = |number: String, remedy: &str| {
        let told = (number, remedy.to_owned());
        vec![subject.advice((Rule::Bulkhead, Verdict::Refused), Key::MaxConcurrent, told, Vec::new())]
    };
    if facts.has_partitions {
        return refuse(
            "each partition has a bulkhead of its own, and what was measured is of all".to_owned(),
            "size it by the largest partition",
        );
    }
    // Adaptive, it does this by itself; switched off by somebody, it stays so.
    if today.is_some_and(|settings| settings.adaptive) || subject.is_switched_off(Key::Bulkhead) {
        return Vec::new();
    }
    let (Some(peak), Some(mean), Some(p99)) = (facts.peak_per_second, facts.mean, facts.p99) else {
        return refuse(
            "the highest rate of attempts is not known".to_owned(),
            "ask again after more traffic",
        );
    };
    let (mean, p99) = (mean.as_secs_f64(), p99.as_secs_f64());
    let expected = facts.per_second * mean;
    let Some(seen) = facts.in_flight_mean else {
        return refuse("attempts in flight were not measured".to_owned(), "ask again after more traffic");
    };
    let apart = (seen - expected).abs() / expected.max(f64::MIN_POSITIVE);
    if apart > MOST_APART {
        return refuse(
            format!(
                "{seen:.2} attempts were in flight on average, and {:.1} per second of {} each make {expected:.2}: they differ \
                 by {:.0} %, and may by {:.0} %",
                facts.per_second,
                micros(mean),
                apart * 100.0,
                MOST_APART * 100.0
            ),
            "attempts that hang or are given up are not in the mean: look for those first",
        );
    }
    let in_flight = peak * mean;
    // More than a bulkhead lets run were never in flight, whatever waited for it.
    let most =
        facts.bulkhead_limit.map_or(facts.in_flight_peak, |limit| facts.in_flight_peak.min(limit.into()));
    #[expect(clippy::cast_precision_loss, reason = "calls in flight")]
    let candidates = [
        (LEAST, "the least"),
        (upwards(peak * p99), "λ · p99"),
        (upwards(in_flight + 3.0 * in_flight.sqrt()), "R + 3 √R"),
        (upwards(MARGIN * most as f64), "1.5 × the most in flight"),
    ];
    let (computed, which) =
        candidates.into_iter().fold((0.0, ""), |best, next| if next.0 > best.0 { next } else { best });
    let number = format!(
        "{which} is {computed:.0}, at most {peak:.1} attempts per second of {} on average, {} at p99, {most} in flight",
        micros(mean),
        micros(p99)
    );
    let to = count(computed);
    let sized = propose(
        subject,
        Computed {
            rule: Rule::Bulkhead,
            key: Key::MaxConcurrent,
            today: today.map(|settings| f64::from(settings.max_concurrent)),
            amount: computed,
            to: Value::Count(to),
            number,
        },
    );
    sized.into_iter().chain(queue(subject, today, peak)).collect()
}

/// The wait and the queue, which go together.
fn queue(subject: &Subject<'_>, today: Option<&BulkheadSettings>, peak: f64) -> Vec<Advice> {
    // Nobody is to wait: that is meant.
    if today.is_some_and(|settings| settings.max_queue == 0) {
        return Vec::new();
    }
    let wait = today.map_or(BulkheadSettings::default().max_wait, |settings| settings.max_wait);
    let quarter =
        subject.deadline().map(|deadline| whole(deadline / SHARE_OF_DEADLINE, LEAST_WAIT).max(LEAST_WAIT));
    let bounded = quarter.filter(|quarter| *quarter < wait);
    let mut advice = Vec::new();
    let mut in_force = bounded.unwrap_or(wait);
    if let Some(quarter) = bounded {
        let number = format!("a quarter of the deadline is {}", text(quarter));
        let proposed = propose(
            subject,
            Computed {
                rule: Rule::Bulkhead,
                key: Key::BulkheadMaxWait,
                today: today.map(|settings| settings.max_wait.as_secs_f64()),
                amount: quarter.as_secs_f64(),
                to: Value::Duration(quarter),
                number,
            },
        );
        // The queue is for the wait that will be in force.
        if proposed.as_ref().is_none_or(|advice| advice.changes.is_empty()) {
            in_force = wait;
        }
        advice.extend(proposed);
    }
    let computed = upwards(peak * in_force.as_secs_f64()).max(1.0);
    let number = format!("{peak:.1} attempts per second within {} are {computed:.0}", text(in_force));
    advice.extend(propose(
        subject,
        Computed {
            rule: Rule::Bulkhead,
            key: Key::MaxQueue,
            today: today.map(|settings| f64::from(settings.max_queue)),
            amount: computed,
            to: Value::Count(count(computed)),
            number,
        },
    ));
    advice
}

/// The next whole number. A hundred times 0.07 is a little more than seven in floating point, and seven all the same.
fn upwards(number: f64) -> f64 {
    (number * (1.0 - 1e-9)).ceil()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
fn count(computed: f64) -> u64 {
    u64::from(computed as u32)
}

/// Seconds, as text.
fn micros(seconds: f64) -> String {
    let time = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    text(whole(time, Duration::from_micros(1)))
}
