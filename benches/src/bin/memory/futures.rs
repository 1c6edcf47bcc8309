//! The size of the futures of annotated functions, as figures for the report.

use benches::future_sizes;
use benches::row::Row;

pub(crate) fn measure() {
    for size in future_sizes::all() {
        let row = |metric, bytes: usize| {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let bytes = bytes as f64;
            Row::new(metric, "futures", size.case, bytes, "bytes")
        };
        row("future beyond plain", size.beyond_plain())
            .note(format!("{} against {}", size.annotated, size.plain))
            .print();
        row("future", size.annotated).print();
    }
}
