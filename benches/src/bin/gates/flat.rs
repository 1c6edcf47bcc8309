//! The case in which each call has a deadline of its own goes in, what does not hold of a million of them comes out: they
//! take less than a second and leave nothing.

use std::time::Duration;

use allocation_counter::measure;
use benches::Case;
use benches::measure::{on_this_thread, processor_time, time};
use resilience_runtime::{inventory, registry};

const CASE: &str = "retry/ours, by handle, each with its deadline";
const CALLS: u64 = 1_000_000;
/// Four times what it takes: a site and settings for each would take minutes, and a slow machine does not take a second.
const LONGEST: Duration = Duration::from_secs(1);
/// What happens now and then, such as a part of a window, may allocate; the calls may not.
const MOST_ALLOCATIONS: u64 = 100;

/// What a million calls took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    processor: Duration,
    allocations: u64,
    /// In bytes, beyond what there was.
    kept: i64,
    sites: usize,
    policies: usize,
}

/// Makes the calls, in this process.
pub(crate) fn make(cases: &[Case]) -> Result<Taken, String> {
    let case = cases.iter().find(|case| case.id() == CASE).ok_or_else(|| format!("{CASE}: no such case"))?;
    let runtime = on_this_thread();
    // What the first calls make is there for all.
    time(&runtime, case, 1_000);
    let kept = || (inventory().len(), registry().interned_policies());
    let (sites, policies) = kept();
    let began = processor_time()?;
    let counted = measure(|| {
        time(&runtime, case, CALLS);
    });
    let processor = processor_time()?.saturating_sub(began);
    Ok(Taken {
        processor,
        allocations: counted.count_total,
        kept: counted.bytes_current,
        sites: kept().0 - sites,
        policies: kept().1 - policies,
    })
}

impl Taken {
    /// One line for each thing that does not hold.
    pub(crate) fn faults(&self) -> Vec<String> {
        let Self { processor, allocations, kept, sites, policies } = *self;
        let checks = [
            (
                processor < LONGEST,
                format!("take {processor:?} of processor time, which is not below {LONGEST:?}"),
            ),
            (
                allocations <= MOST_ALLOCATIONS,
                format!("allocate {allocations} times, above {MOST_ALLOCATIONS}"),
            ),
            (kept <= 0, format!("keep {kept} bytes")),
            (sites == 0, format!("leave {sites} sites")),
            (policies == 0, format!("leave {policies} sets of settings")),
        ];
        let said = checks.into_iter().filter(|(holds, _)| !holds);
        said.map(|(_, what)| format!("{CASE}: {CALLS} calls {what}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Taken =
        Taken { processor: Duration::from_millis(250), allocations: 3, kept: 0, sites: 0, policies: 0 };

    #[test]
    fn what_takes_long_or_leaves_something_is_a_fault() {
        assert!(FLAT.faults().is_empty());
        for taken in [
            Taken { processor: LONGEST, ..FLAT },
            Taken { allocations: MOST_ALLOCATIONS + 1, ..FLAT },
            Taken { kept: 1, ..FLAT },
            Taken { sites: 1, ..FLAT },
            Taken { policies: 1, ..FLAT },
        ] {
            assert_eq!(taken.faults().len(), 1, "{taken:?}");
        }
    }

    #[test]
    fn the_time_of_this_thread_goes_on_with_its_work() {
        let began = processor_time().unwrap();
        let mut sum = 0_u64;
        while processor_time().unwrap() < began + Duration::from_millis(1) {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(sum > 0);
    }
}
