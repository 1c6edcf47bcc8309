//! Measures the counts that are held down, as one figure each: instructions and allocations per call, and bytes of a future.

use std::fmt;
use std::str::FromStr;

use allocation_counter::measure;
use benches::measure::{on_this_thread, time};
use benches::{Case, future_sizes};

/// Calls whose allocations are counted: one in all of them shows in the third decimal.
const CALLS: u64 = 1_000;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    /// Instructions per call, as callgrind counts them.
    Instructions,
    /// Allocations per call.
    Allocations,
    /// Bytes that the attribute adds to a future.
    FutureBytes,
}

impl Metric {
    const ALL: [Self; 3] = [Self::Instructions, Self::Allocations, Self::FutureBytes];

    fn name(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
            Self::FutureBytes => "future_bytes",
        }
    }
}

impl FromStr for Metric {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|metric| metric.name() == name).ok_or(())
    }
}

/// One figure. Shown as the line of the file that pins it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Count {
    pub(crate) metric: Metric,
    pub(crate) case: String,
    pub(crate) value: f64,
}

impl Count {
    /// Whole ones: the fraction is what happened once in a thousand calls.
    pub(crate) fn instructions(case: &str, value: f64) -> Self {
        Self { metric: Metric::Instructions, case: case.to_owned(), value: value.round() }
    }

    /// Whether it is about the same thing.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.metric == other.metric && self.case == other.case
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.metric.name(), self.value, self.case)
    }
}

/// What the attribute adds to the futures of some functions.
pub(crate) fn future_sizes() -> Vec<Count> {
    let count = |size: future_sizes::FutureSize| {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let value = size.beyond_plain() as f64;
        Count { metric: Metric::FutureBytes, case: size.case.to_owned(), value }
    };
    future_sizes::all().into_iter().map(count).collect()
}

/// What a call of each of these allocates, in this process.
pub(crate) fn allocations(cases: &[Case]) -> Vec<Count> {
    let runtime = on_this_thread();
    let count = |case: &Case| {
        let of = |calls| {
            let counted = measure(|| {
                time(&runtime, case, calls);
            });
            counted.count_total
        };
        of(CALLS);
        let (once, twice) = (of(CALLS), of(2 * CALLS));
        #[expect(clippy::cast_precision_loss, reason = "some thousand calls")]
        let value = (twice as f64 - once as f64) / CALLS as f64;
        Count { metric: Metric::Allocations, case: case.id(), value }
    };
    cases.iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use benches::cases;

    use super::*;

    #[test]
    fn a_call_that_allocates_is_told_from_one_that_does_not() {
        let boxed = Case::new("test", "boxes", "", |_, calls| {
            Box::pin(async move {
                for round in 0..calls {
                    std::hint::black_box(Box::new(round));
                }
            })
        });
        let bare = cases::patterns().into_iter().find(Case::is_bare).unwrap();
        let values: Vec<f64> = allocations(&[boxed, bare]).iter().map(|count| count.value).collect();
        assert_eq!(values, [1.0, 0.0]);
    }

    #[test]
    fn the_case_that_is_pinned_is_found_by_metric_and_name() {
        let count = Count::instructions("group/ours", 99.6);
        assert_eq!(count.to_string(), "instructions\t100\tgroup/ours");
        let allocations = Count { metric: Metric::Allocations, ..count.clone() };
        assert!(!count.is_of(&allocations) && !count.is_of(&Count::instructions("group/other", 100.0)));
        assert!(count.is_of(&Count::instructions("group/ours", 1.0)));
    }
}
