//! What simulations themselves have to show, apart from what was published: that the unit of time does not matter, that a run ends,
//! and how fast it is. In: reports. Out: claims.

use resilience_runtime::testing::simulate::{Report, speed};

use crate::claims::{Claims, values};

impl Claims {
    /// The same policies come to the same at another attempt timeout, as all times are multiples of it.
    pub(crate) fn same_in_any_unit(&mut self, report: &Report, other: &Report) {
        let unit = other.unit();
        for policy in ["no retry", "plain retries", "budget alone"] {
            for load in values(report, "load") {
                let of = |report: &Report, column| report.number(&[policy, &load], column);
                let requests = of(other, "requests at end").zip(of(report, "requests at end"));
                let is_same = requests.is_some_and(|(other, one)| (other / one - 1.0).abs() < 0.05);
                let claim =
                    format!("`{policy}` at load {load} sends as many requests at {unit:?}: {requests:?}");
                self.claim(report, is_same, &claim);
                let recovery = (of(report, "recovery"), of(other, "recovery"));
                let is_same = match recovery {
                    (Some(one), Some(other)) => (one - other).abs() <= 3.0 + 0.3 * one,
                    (one, other) => one == other,
                };
                self.claim(
                    report,
                    is_same,
                    &format!("`{policy}` at load {load} recovers as at {unit:?}: {recovery:?}"),
                );
            }
        }
    }

    /// Retries that nothing bounds do not keep a run from its end.
    pub(crate) fn ends(&mut self, report: &Report, is_cut: bool) {
        let says = report.verdict().contains("asks for more than is played");
        let claim = format!("it ends with retries without a bound, and says {is_cut} that they were cut off");
        self.claim(report, says == is_cut, &claim);
    }

    /// The engine may cost more than half as much again as the loop around it, and no more. How fast that is on a clock
    /// depends on what else the machine does: where that is nothing it is claimed of the clock. Elsewhere of the clock or of the
    /// processor's time, and less, as whoever runs beside it takes its caches as well.
    #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
    pub(crate) fn speed(&mut self, is_quiet: bool) {
        let before = processor_seconds();
        let speed = speed(1);
        println!("{speed}");
        let (calls, bare) = (speed.calls_per_second(), speed.bare_calls_per_second());
        let mut by_processor = 0.0;
        if let (Some(before), Some(after)) = (before, processor_seconds()) {
            // Of both ways together; as a call takes 1 / calls, that is the part of the engine.
            by_processor = speed.calls() as f64 * (calls + bare) / bare / (after - before).max(0.01);
        }
        // Where others have the processor most of the time, no turn is without an interruption.
        let fastest = if is_quiet { calls } else { by_processor.max(calls) };
        let least = if is_quiet { 250_000.0 } else { 150_000.0 };
        let claim = format!(
            "{fastest:.0} calls per second, at least {least:.0}; {by_processor:.0} by the processor's time"
        );
        println!("{claim}");
        self.say(fastest >= least, &claim);
        let share = calls / bare;
        self.say(share >= 0.4, &format!("{share:.2} of the speed of bare tokio, at least 0.4"));
    }
}

/// What this process has had of the processor, to a hundredth of a second; `None` on systems that do not say it like Linux.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may be anything, they are the twelfth and the thirteenth, in hundredths.
    let (_, numbers) = stat.rsplit_once(')')?;
    let hundredths = |at| numbers.split_whitespace().nth(at)?.parse::<f64>().ok();
    Some((hundredths(11)? + hundredths(12)?) / 100.0)
}
