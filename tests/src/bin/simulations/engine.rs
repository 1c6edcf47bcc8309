//! What simulations themselves have to show, apart from what was published: that the unit of time does not matter, that a run ends,
//! and how fast it is. In: reports. Out: claims.

use resilience_runtime::testing::simulate::{Report, Speed};

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
    /// depends on what else the machine does: it is claimed where the machine has nothing else to do.
    pub(crate) fn speed(&mut self, speed: &Speed, is_quiet: bool) {
        let calls = speed.calls_per_second();
        if is_quiet && calls < 250_000.0 {
            self.broken.push(format!("{calls:.0} calls per second of real time, at least 250,000"));
        } else {
            self.kept += usize::from(is_quiet);
        }
        let share = speed.calls_per_second() / speed.bare_calls_per_second();
        if share >= 0.4 {
            self.kept += 1;
        } else {
            self.broken.push(format!("{share:.2} of the speed of bare tokio, at least 0.4"));
        }
    }
}
