//! Allocations and bytes per call of every case: `allocations` and `allocated_bytes`.
//!
//! So many calls are counted, then twice as many: the difference is what the calls made, without what a batch makes
//! once.

use std::process::ExitCode;

use allocation_counter::{AllocationInfo, measure};
use benches::flags::Flags;
use benches::measure::{on_this_thread, time};
use benches::report::Report;
use benches::{Case, cases};
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    let run = || -> Result<(), String> {
        let flags = Flags::read(1, 1, 2_000)?;
        let runtime = on_this_thread();
        let mut report = Report::to_stdout(&flags);
        for case in flags.chosen(cases::all()) {
            // These wait milliseconds each.
            let calls = if case.sleeps { flags.calls.div_ceil(100) } else { flags.calls };
            time(&runtime, &case, calls);
            let once = counted(&runtime, &case, calls);
            let twice = counted(&runtime, &case, 2 * calls);
            let count = per_call(once.count_total, twice.count_total, calls);
            let bytes = per_call(once.bytes_total, twice.bytes_total, calls);
            report.line("allocations", &case, count, "1/call", "").map_err(|error| error.to_string())?;
            report.line("allocated_bytes", &case, bytes, "B/call", "").map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    benches::report::exit(run())
}

fn counted(runtime: &Runtime, case: &Case, calls: u64) -> AllocationInfo {
    measure(|| {
        time(runtime, case, calls);
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of some thousand calls")]
fn per_call(once: u64, twice: u64, calls: u64) -> f64 {
    (twice as f64 - once as f64) / calls as f64
}
