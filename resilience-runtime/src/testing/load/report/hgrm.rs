//! Writes the latencies of a load test as a file of percentiles (`.hgrm`), which the plotters of the HDR histogram's family read.

use std::fmt::Write as _;

use super::outcome::Report;

/// How many lines there are until the distance to 100 % is halved, as in the files of other tools.
const LINES_TO_HALF: u32 = 5;

/// What a value is divided by: the file has milliseconds, as those of other load tools do.
const NANOS: f64 = 1e6;

impl Report {
    /// The latencies in milliseconds by percentile, in the format of `HdrHistogram`'s plotters: a file `.hgrm`.
    ///
    /// Percentiles are of all scheduled calls. If some did not start or did not end, the file stops below 100 % where the
    /// others begin, and a line that begins with `#` has their number. `None` if the generator was
    /// [late](Self::is_saturated).
    #[expect(clippy::cast_precision_loss, reason = "at most ten million calls, and nanoseconds of an hour")]
    pub fn to_hgrm(&self) -> Option<String> {
        if self.is_saturated() {
            return None;
        }
        let latency = &self.counted.recorder.latency;
        let known = latency.len() as f64 / self.scheduled() as f64;
        let ms = |nanos: u64| nanos.min(latency.max()) as f64 / NANOS;
        let mut text = format!(
            "{:>12} {:>14} {:>10} {:>14}\n\n",
            "Value", "Percentile", "TotalCount", "1/(1-Percentile)"
        );
        let mut ended = 0;
        for step in latency.iter_quantiles(LINES_TO_HALF) {
            ended += step.count_since_last_iteration();
            let part = step.quantile_iterated_to() * known;
            let value = ms(step.value_iterated_to());
            // A `String` takes everything.
            let _ = write!(text, "{value:12.3} {part:1.12} {ended:10}");
            // At the end it is infinite, for which there is no number.
            let _ = if part < 1.0 { writeln!(text, " {:14.2}", 1.0 / (1.0 - part)) } else { writeln!(text) };
        }
        let (mean, deviation) = (latency.mean() / NANOS, latency.stdev() / NANOS);
        let _ = writeln!(text, "#[Mean    = {mean:12.3}, StdDeviation   = {deviation:12.3}]");
        let _ = writeln!(text, "#[Max     = {:12.3}, Total count    = {ended:12}]", ms(latency.max()));
        let unknown = self.scheduled().saturating_sub(ended);
        if unknown > 0 {
            let _ = writeln!(text, "#[Longer  = {unknown:12} calls that did not start or did not end]");
        }
        Some(text)
    }
}
