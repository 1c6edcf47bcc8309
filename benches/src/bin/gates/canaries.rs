//! Calls that do take a lock or look something up: when one of these goes unnoticed, that nothing was found in ours
//! says nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use benches::callgrind::Profile;
use benches::{Case, Outcome as _, ops};
use dashmap::DashMap;

use super::suspects::{LOOK_UP, PARKING_LOT, STD_LOCK, TOKIO_TIMER, found_in};

/// A case and what has to be noticed in it.
pub(crate) struct Canary {
    pub(crate) case: &'static str,
    noticed: Option<&'static str>,
}

const fn canary(case: &'static str, noticed: &'static str) -> Canary {
    Canary { case, noticed: Some(noticed) }
}

/// All that is tried out.
pub(crate) const EXPECTED: &[Canary] = &[
    Canary { case: "canary/nothing", noticed: None },
    canary("canary/mutex", STD_LOCK),
    canary("canary/reader", STD_LOCK),
    canary("canary/hash map", LOOK_UP),
    canary("canary/dash map", LOOK_UP),
    // Two in one: the time driver of tokio is behind a lock.
    canary("timeout, pending once/tokio", TOKIO_TIMER),
    canary("timeout, pending once/tokio", PARKING_LOT),
    // The real thing: a retry pays from an account behind a lock. When one day it does not, this line goes.
    canary("error path, fails twice/ours, whole engine", STD_LOCK),
];

/// Those of them that are no case of the benchmarks.
pub(crate) fn all() -> Vec<Case> {
    vec![
        touching("nothing", || (), |(), value| value),
        touching(
            "mutex",
            || Mutex::new(1),
            |lock, value| {
                let mut held = lock.lock().unwrap_or_else(PoisonError::into_inner);
                *held ^= value;
                *held
            },
        ),
        touching(
            "reader",
            || RwLock::new(1),
            |lock, value| *lock.read().unwrap_or_else(PoisonError::into_inner) ^ value,
        ),
        touching("hash map", names::<HashMap<_, _>>, |map, value| {
            map.get(NAME).map_or(value, |place| place ^ value)
        }),
        touching("dash map", names::<DashMap<_, _>>, |map, value| {
            map.get(NAME).map_or(value, |place| *place ^ value)
        }),
    ]
}

const NAME: &str = "a service";

fn names<M: FromIterator<(&'static str, u64)>>() -> M
where
    &'static str: Hash,
{
    [(NAME, 1), ("another one", 2)].into_iter().collect()
}

/// A case whose calls do this on the way to their body.
fn touching<S: Send + Sync + 'static>(
    name: &'static str,
    made: impl Fn() -> S + Send + Sync + 'static,
    touch: fn(&S, u64) -> u64,
) -> Case {
    Case::with_service(
        "canary",
        name,
        "",
        move || Arc::new(made()),
        move |state, calls| {
            Box::pin(async move {
                for round in 0..calls {
                    ops::ready(touch(&state, std::hint::black_box(round))).await.must_succeed();
                }
            })
        },
    )
}

/// What went unnoticed, or was noticed where there is nothing.
pub(crate) fn faults(profiles: &[(String, Profile)]) -> Vec<String> {
    let fault = |canary: &Canary| {
        let found = profiles.iter().find(|(id, _)| id == canary.case);
        let found: Option<Vec<_>> =
            found.map(|(_, profile)| found_in(profile).map(|found| found.what).collect());
        let holds = found.as_ref().is_some_and(|found| match canary.noticed {
            Some(what) => found.contains(&what),
            None => found.is_empty(),
        });
        let expected = canary.noticed.unwrap_or("nothing");
        (!holds).then(|| format!("{}: {expected} should be noticed: {found:?}", canary.case))
    };
    EXPECTED.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_that_nobody_notices_is_a_fault() {
        let clean: Profile = "summary: 9\nfl=(1) a.rs\nfn=(1) a\n16 9\n".parse().unwrap();
        let profiles: Vec<_> =
            EXPECTED.iter().map(|canary| (canary.case.to_owned(), clean.clone())).collect();
        let faults = faults(&profiles);
        assert_eq!(faults.len(), EXPECTED.len() - 1, "{faults:?}");
        assert!(!faults.iter().any(|fault| fault.contains("canary/nothing")), "{faults:?}");
        assert_eq!(self::faults(&[]).len(), EXPECTED.len());
    }
}
