//! Cases go in, a benchmark of criterion for each comes out.

use benches::Case;
use benches::measure::{on_this_thread, time};
use criterion::Criterion;

/// Benchmarks the cases, group by group.
pub(crate) fn bench(criterion: &mut Criterion, cases: &[Case]) {
    let runtime = on_this_thread();
    for cases in cases.chunk_by(|one, next| one.group == next.group) {
        let mut group = criterion.benchmark_group(cases[0].group);
        // Those that sleep take milliseconds a call, which `wall` shows as well.
        for case in cases.iter().filter(|case| !case.sleeps) {
            group.bench_function(case.name, |bencher| {
                bencher.iter_custom(|calls| time(&runtime, case, calls));
            });
        }
        group.finish();
    }
}
