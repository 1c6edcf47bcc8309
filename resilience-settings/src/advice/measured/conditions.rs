//! Decides whether a sample is large and healthy enough for proposals. In: a sample. Out: the conditions that it fails before its
//! numbers mean anything, each with how far it is off.

use std::time::Duration;

use crate::advice::facts::Measured;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::Key;

/// A shorter sample has seen no peak.
const LEAST_TIME: Duration = Duration::from_hours(1);
/// Of fewer attempts the 99th percentile rests on less than ten.
const LEAST_SUCCEEDED: u64 = 1_000;
/// Times of an ailing service say how it ails.
const LEAST_SUCCESS: f64 = 0.99;
/// One in a thousand cut off by mistake is what timeouts are chosen for (AWS Builders' Library).
const MOST_TIMED_OUT: f64 = 0.001;
/// A configuration that came into force this soon is the one that was measured.
const SOON: Duration = Duration::from_secs(10);

/// The conditions for any proposal that do not hold.
pub(super) fn unfit(subject: &Subject<'_>, facts: &Measured) -> Vec<Advice> {
    let mut unfit = Vec::new();
    let mut refuse = |number: String, remedy: &str| {
        let told = (number, remedy.to_owned());
        unfit.push(refused(subject, told));
    };
    if facts.length < LEAST_TIME {
        let missing = seconds(LEAST_TIME.saturating_sub(facts.length));
        refuse(
            format!(
                "the sample is {} long, {} short of {}",
                seconds(facts.length),
                missing,
                text(LEAST_TIME)
            ),
            "ask again once it is longer; `monitor().start()` keeps the process sampling",
        );
    }
    if facts.succeeded < LEAST_SUCCEEDED {
        let missing = LEAST_SUCCEEDED - facts.succeeded;
        refuse(
            format!("{} attempts succeeded, {missing} fewer than {LEAST_SUCCEEDED}", facts.succeeded),
            "ask again after more traffic",
        );
    }
    let success = 1.0 - facts.failure_share();
    if facts.attempts > 0 && success < LEAST_SUCCESS {
        refuse(
            format!(
                "{} of attempts did not fail, {} points below {}",
                percent(success),
                points(LEAST_SUCCESS - success),
                percent(LEAST_SUCCESS)
            ),
            "times of an ailing service are no measure; ask again once it is well",
        );
    }
    if facts.breaker_openings > 0 {
        refuse(
            match facts.breaker_openings {
                1 => "the breaker opened once within the sample, and may not at all".to_owned(),
                times => format!("the breaker opened {times} times within the sample, and may not once"),
            },
            "ask after a sample in which it did not, which begins with the process",
        );
    }
    if let Some(after) = facts.reloaded_after.filter(|after| *after > SOON) {
        let held = facts.length.saturating_sub(after);
        refuse(
            format!(
                "another configuration came into force {} after the sample began, and has held for {}",
                seconds(after),
                seconds(held)
            ),
            "ask after a sample without a reload, which begins with the process",
        );
    }
    unfit
}

/// The condition that leaves longer timeouts alone, if it does not hold.
pub(super) fn times_out(subject: &Subject<'_>, facts: &Measured) -> Option<Advice> {
    let share = facts.timeout_share();
    if share < MOST_TIMED_OUT {
        return None;
    }
    let number = format!(
        "{} of attempts timed out ({} of {}), and {} is the most for anything but longer timeouts",
        percent(share),
        facts.timed_out,
        facts.attempts,
        percent(MOST_TIMED_OUT)
    );
    let remedy = "nobody knows how long those would have taken".to_owned();
    Some(refused(subject, (number, remedy)))
}

/// No setting decides it, so none has its place.
fn refused(subject: &Subject<'_>, told: (String, String)) -> Advice {
    let refused = subject.advice((Rule::Sample, Verdict::Refused), Key::Kind, told, Vec::new());
    Advice { place: "the sample".to_owned(), ..refused }
}

pub(super) fn percent(share: f64) -> String {
    // Not rounded up to what would pass.
    let percent = (share * 1e4).floor() / 1e2;
    format!("{percent} %")
}

fn points(share: f64) -> String {
    format!("{:.2}", share * 100.0)
}

fn seconds(time: Duration) -> String {
    text(whole(time, Duration::from_secs(1)))
}
