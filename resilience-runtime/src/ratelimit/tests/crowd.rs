//! Invariants that hold for any crowd of attempts that come, wait, leave, hang and are reloaded.

use proptest::prelude::*;
use proptest::sample::Index;
use resilience_settings::policy::{RateSettings, Tokens};

use super::super::RateLimit;
use super::rig::{End, Rig};
use super::{MS, S, of};
use crate::policy::Pace;

#[derive(Clone, Debug)]
enum Step {
    Come { time_left: u64, gives_back: bool },
    Hang { time_left: u64 },
    Leave(Index),
    Recover(Index),
    Reload(u64, u32),
    Off,
}

fn steps(hangs: bool) -> impl Strategy<Value = Vec<(u64, Step)>> {
    let time_left = || prop_oneof![Just(u64::MAX), 1..2 * S];
    let step = prop_oneof![
        12 => (time_left(), prop::bool::weighted(0.2))
            .prop_map(|(time_left, gives_back)| Step::Come { time_left, gives_back }),
        2 * u32::from(hangs) => time_left().prop_map(|time_left| Step::Hang { time_left }),
        5 => any::<Index>().prop_map(Step::Leave),
        u32::from(hangs) => any::<Index>().prop_map(Step::Recover),
        1 => (500_000..400_000_000_u64, 1..6_u32).prop_map(|(rate, burst)| Step::Reload(rate, burst)),
        1 => Just(Step::Off),
    ];
    prop::collection::vec((prop_oneof![Just(0), 0..30 * MS, 0..500 * MS], step), 1..120)
}

fn settings(millionths: u64, burst: u32, max_wait: u64) -> RateSettings {
    settings!(RateSettings { per_second: Tokens::from_millionths(millionths), ..of(0.0, burst, max_wait) })
}

/// In any time `t` at most `burst + per_second · t` start, by the largest of each; above 100 per second, timers may be
/// late.
fn check_starts(starts: &[u64], burst: u32, millionths: u64) -> Result<(), TestCaseError> {
    let late = if millionths > 100_000_000 { 2 * MS } else { 0 };
    for (first, from) in starts.iter().enumerate() {
        for (last, until) in starts.iter().enumerate().skip(first) {
            let flow = u128::from(until - from + late) * u128::from(millionths);
            let most = u128::from(burst) * u128::from(Pace::UNIT) + flow;
            prop_assert!((last - first + 1) as u128 * u128::from(Pace::UNIT) <= most, "{:?}", starts);
        }
    }
    Ok(())
}

/// Attempts that start while the limit is off do not count.
fn forget_unlimited(rig: &mut Rig<'_>) {
    if rig.settings.is_none() {
        rig.tasks.retain(|task| !matches!(task.end, End::Started(_)));
    }
}

/// Plays a script and checks the invariants at every step; returns how the tasks ended.
fn run_steps(
    steps: Vec<(u64, Step)>,
    first: RateSettings,
    (grain, is_backwards): (u64, bool),
    mut check: impl FnMut(&Rig<'_>) -> Result<(), TestCaseError>,
) -> Result<Vec<u64>, TestCaseError> {
    let limit = RateLimit::default();
    let max_wait = u64::try_from(first.max_wait.as_nanos()).unwrap();
    let mut rig = Rig::new(&limit, first, S);
    (rig.grain, rig.is_backwards) = (grain, is_backwards);
    let mut starts = Vec::new();
    for (after, step) in steps {
        rig.pass_until(rig.now + after);
        forget_unlimited(&mut rig);
        let pick =
            |index: Index, rig: &Rig<'_>| (!rig.tasks.is_empty()).then(|| index.index(rig.tasks.len()));
        match step {
            Step::Come { time_left, gives_back } => drop(rig.come_as(time_left, false, gives_back)),
            Step::Hang { time_left } => drop(rig.come_as(time_left, true, false)),
            Step::Leave(index) => pick(index, &rig).into_iter().for_each(|number| rig.leave(number)),
            Step::Recover(index) => pick(index, &rig).into_iter().for_each(|number| rig.recover(number)),
            Step::Reload(rate, burst) => rig.reload(Some(settings(rate, burst, max_wait))),
            Step::Off => {
                starts.extend(rig.starts());
                rig.reload(None);
            }
        }
        forget_unlimited(&mut rig);
        check(&rig)?;
    }
    (0..rig.tasks.len()).for_each(|number| rig.recover(number));
    rig.finish();
    forget_unlimited(&mut rig);
    starts.extend(rig.starts());
    for task in &rig.tasks {
        if let End::Started(at) | End::GaveBack(at) = task.end {
            prop_assert!(at < task.deadline);
        }
    }
    prop_assert_eq!(rig.waiting(), 0);
    prop_assert!(limit.queue().is_deserted());
    let after = rig.now + 3_600 * S;
    prop_assert!(limit.is_idle(crate::clock::Tick(after)), "somebody is still waited for");
    Ok(starts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn never_more_than_the_limit_and_nobody_is_forgotten(
        steps in steps(true), millionths in 500_000..400_000_000_u64, burst in 1..6_u32, max_wait in 0..3 * S,
        grain in prop_oneof![Just(1), Just(MS)], is_backwards in any::<bool>(),
    ) {
        let (mut most, mut fastest) = (burst, millionths);
        for (_, step) in &steps {
            if let Step::Reload(rate, burst) = step {
                (most, fastest) = (most.max(*burst), fastest.max(*rate));
            }
        }
        let mut due_since = None;
        let starts = run_steps(steps, settings(millionths, burst, max_wait), (grain, is_backwards), |rig| {
            // A slot is due, and a waiter could take it.
            let is_due = rig.settings.is_some() && rig.live().next().is_some() && rig.is_due();
            due_since = if is_due { due_since.or(Some(rig.now)) } else { None };
            prop_assert!(due_since.is_none_or(|since| rig.now - since <= 2_300 * MS), "it has been due for long");
            Ok(())
        })?;
        check_starts(&starts, most, fastest)?;
    }

    /// If nobody hangs, a slot that is due is taken at once, in order of arrival.
    #[test]
    fn no_slot_is_left_while_somebody_waits(
        steps in steps(false), millionths in 500_000..400_000_000_u64, burst in 1..6_u32, max_wait in 0..3 * S,
        is_backwards in any::<bool>(),
    ) {
        run_steps(steps, settings(millionths, burst, max_wait), (1, is_backwards), |rig| {
            prop_assert!(rig.settings.is_none() || rig.live().next().is_none() || !rig.is_due());
            let ended = rig.tasks.iter().filter(|task| task.has_waited).filter_map(|task| match task.end {
                End::Started(at) | End::GaveBack(at) => Some(at),
                End::Waits => Some(u64::MAX),
                End::Refused(..) | End::Dropped => None,
            });
            prop_assert!(ended.is_sorted());
            Ok(())
        })?;
    }
}
