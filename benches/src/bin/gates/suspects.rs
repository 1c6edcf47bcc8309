//! Finds the locks and look-ups in what one call cost.
//!
//! An uncontended lock of std makes no system call, and the compiler puts it into whoever takes it. What gives it
//! away are the functions that are left and the source files that instructions come from. A lock that somebody
//! wrote with atomics of his own is not found.

use std::fmt;

use benches::callgrind::{Place, Profile};

/// Instructions per call from which on something belongs to the call. The fastest lock has more, and what a batch of
/// calls does once has cancelled out.
const PER_CALL: f64 = 0.1;

/// What is looked for, by parts of the names of functions and of source files.
struct Suspect {
    what: &'static str,
    functions: &'static [&'static str],
    files: &'static [&'static str],
}

pub(crate) const STD_LOCK: &str = "a lock of std";
pub(crate) const PARKING_LOT: &str = "a lock of parking_lot";
pub(crate) const LOOK_UP: &str = "a look-up in a map";
pub(crate) const TOKIO_TIMER: &str = "tokio's timer, which has a lock";

const SUSPECTS: [Suspect; 5] = [
    Suspect {
        what: STD_LOCK,
        functions: &["Mutex", "RwLock", "lock_contended", "futex", "ReentrantLock", "Condvar"],
        files: &[
            "/std/src/sync/poison/mutex.rs",
            "/std/src/sync/poison/rwlock.rs",
            "/std/src/sync/reentrant_lock.rs",
            "/std/src/sys/sync/mutex/",
            "/std/src/sys/sync/rwlock/",
            "/std/src/sys/sync/condvar/",
        ],
    },
    Suspect {
        what: PARKING_LOT,
        functions: &["parking_lot", "lock_api"],
        files: &["/parking_lot", "/lock_api-"],
    },
    Suspect {
        what: "a lock of the C library",
        functions: &["pthread_mutex", "pthread_rwlock", "__lll_lock"],
        files: &["/nptl/"],
    },
    Suspect {
        what: LOOK_UP,
        functions: &["HashMap", "hashbrown", "DashMap", "dashmap", "BTreeMap", "SipHasher"],
        files: &["/hashbrown-", "/dashmap-", "/std/src/collections/hash/", "/alloc/src/collections/btree/"],
    },
    Suspect { what: TOKIO_TIMER, functions: &["tokio::runtime::time"], files: &["/src/runtime/time/"] },
];

impl Suspect {
    fn is_at(&self, place: &Place) -> bool {
        self.functions.iter().any(|part| place.function.contains(part))
            || self.files.iter().any(|part| place.file.contains(part))
    }
}

/// A lock or a look-up, and where.
#[derive(Debug)]
pub(crate) struct Found<'profile> {
    pub(crate) what: &'static str,
    place: &'profile Place,
    per_call: f64,
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the folders above, which are those of the machine.
        let file = self.place.file.rsplit("/src/").next().unwrap_or_default();
        let Self { what, place, per_call } = self;
        write!(f, "{what}: {per_call} instructions of {file} in {}", place.function)
    }
}

/// Every lock and look-up that each call makes.
pub(crate) fn found_in(profile: &Profile) -> impl Iterator<Item = Found<'_>> {
    profile.places().filter(|(_, per_call)| *per_call >= PER_CALL).filter_map(|(place, per_call)| {
        let suspect = SUSPECTS.iter().find(|suspect| suspect.is_at(place))?;
        Some(Found { what: suspect.what, place, per_call })
    })
}

/// What is wrong when this case has to be free of all that.
pub(crate) fn fault(id: &str, profiles: &[(String, Profile)]) -> Option<String> {
    let Some((_, profile)) = profiles.iter().find(|(counted, _)| counted == id) else {
        return Some(format!("{id}: has to be free of locks and look-ups, and was not counted"));
    };
    let found: Vec<String> = found_in(profile).map(|found| found.to_string()).collect();
    (!found.is_empty()).then(|| format!("{id}: has to be free of locks and look-ups: {}", found.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(function: &str, file: &str, instructions: u64) -> Vec<(String, Profile)> {
        let text = format!("summary: {instructions}\nfl=(1) {file}\nfn=(1) {function}\n16 {instructions}\n");
        vec![("a case".to_owned(), text.parse::<Profile>().unwrap().over(1_000))]
    }

    #[test]
    fn a_lock_is_found_by_its_function_and_by_the_file_of_its_lines() {
        for (function, file, what) in [
            ("a::call", "/library/std/src/sys/sync/mutex/futex.rs", Some(STD_LOCK)),
            ("std::sys::sync::mutex::futex::Mutex::lock_contended", "???", Some(STD_LOCK)),
            ("a::call", "/index/parking_lot-0.12.5/src/raw_mutex.rs", Some(PARKING_LOT)),
            ("a::call", "/rust/deps/hashbrown-0.16.1/src/raw.rs", Some(LOOK_UP)),
            ("tokio::runtime::time::entry::TimerEntry::reset", "???", Some(TOKIO_TIMER)),
            ("a::call", "/library/core/src/sync/atomic.rs", None),
        ] {
            let profiles = profile(function, file, 4_000);
            let found: Vec<_> = found_in(&profiles[0].1).map(|found| found.what).collect();
            assert_eq!(found, Vec::from_iter(what), "{function} {file}");
            assert_eq!(fault("a case", &profiles).is_some(), what.is_some(), "{function} {file}");
        }
    }

    #[test]
    fn what_a_batch_does_once_is_no_lock_of_a_call() {
        let profiles = profile("a::call", "/library/std/src/sys/sync/mutex/futex.rs", 40);
        assert!(fault("a case", &profiles).is_none());
    }

    #[test]
    fn a_case_that_was_not_counted_is_not_free() {
        assert!(fault("another case", &profile("a", "b", 1)).is_some());
    }
}
