//! What a report has to show. In: reports. Out: how many claims came out, and the words of those that did not.

use std::process::ExitCode;

use resilience_runtime::testing::simulate::{Cell, Report};

#[derive(Debug, Default)]
pub(crate) struct Claims {
    pub(crate) kept: usize,
    pub(crate) broken: Vec<String>,
}

impl Claims {
    /// Says how it went.
    pub(crate) fn end(&self) -> ExitCode {
        if self.broken.is_empty() {
            println!("ok: {} claims", self.kept);
            return ExitCode::SUCCESS;
        }
        for claim in &self.broken {
            println!("broken: {claim}");
        }
        ExitCode::FAILURE
    }

    pub(crate) fn claim(&mut self, report: &Report, holds: bool, claim: &str) {
        self.say(holds, &format!("{}, seed {}: {claim}", report.scenario(), report.seed()));
    }

    /// One that is about no report.
    pub(crate) fn say(&mut self, holds: bool, claim: &str) {
        if holds {
            self.kept += 1;
        } else {
            // At once, too: all of them take a while.
            println!("broken: {claim}");
            self.broken.push(claim.to_owned());
        }
    }

    /// An overload by plain retries goes on wherever the retries alone can keep it up, and nothing else does that for long.
    pub(crate) fn metastable(&mut self, report: &Report) {
        let recovery = |policy: &str, load: &str| report.number(&[policy, load], "recovery");
        let stable = recovery("plain retries", "0.25").is_some();
        self.claim(report, stable, "three attempts cannot keep up an overload at a quarter of the capacity");
        for load in ["0.5", "0.8", "0.95"] {
            let requests = report.number(&["plain retries", load], "requests at end");
            let is_stuck = recovery("plain retries", load).is_none() && requests.is_some_and(|all| all > 2.9);
            self.claim(report, is_stuck, &format!("plain retries keep it up at load {load}"));
        }
        for load in values(report, "load") {
            let ours = recovery("defaults", &load).is_some_and(|units| units <= 20.0);
            self.claim(report, ours, &format!("the defaults recover within 20 units at load {load}"));
            let success = report.number(&["defaults", &load], "success at end");
            let lasts = success.is_some_and(|share| share > 0.99);
            self.claim(report, lasts, &format!("and stay well at load {load}"));
        }
    }

    /// Past the capacity, goodput goes to nothing with plain retries, and stays with a bound on what is under way.
    pub(crate) fn collapse(&mut self, report: &Report) {
        for load in values(report, "load") {
            let goodput = |policy| report.number(&[policy, &load], "goodput").unwrap_or(f64::NAN);
            let share = load.parse::<f64>().unwrap_or(f64::NAN);
            if share <= 0.9 {
                for policy in
                    ["no retry", "plain retries", "budget alone", "defaults", "defaults and a bulkhead"]
                {
                    self.claim(
                        report,
                        goodput(policy) > 0.98 * share,
                        &format!("`{policy}` answers all at load {load}"),
                    );
                }
            }
            if share >= 1.25 {
                self.claim(
                    report,
                    goodput("plain retries") < 0.05,
                    &format!("plain retries get nothing done at load {load}"),
                );
                let bounded = goodput("defaults and a bulkhead");
                self.claim(
                    report,
                    bounded > 0.9,
                    &format!("{bounded:.2} with a bulkhead at load {load}, at least 0.9"),
                );
            }
        }
    }

    pub(crate) fn jitter(&mut self, report: &Report) {
        let of = |strategy, column| report.number(&[strategy, "100"], column).unwrap_or(f64::NAN);
        let [none, exponential, decorrelated, equal, full] =
            ["none", "exponential", "decorrelated", "equal", "full"].map(|strategy| of(strategy, "writes"));
        self.claim(report, full < exponential / 2.0, "full jitter more than halves the calls of exponential");
        let is_ordered = none > exponential && exponential > decorrelated && decorrelated > full;
        self.claim(report, is_ordered, "calls: none > exponential > decorrelated > full");
        self.claim(report, (full / equal - 1.0).abs() < 0.15, "full is about equal to equal");
        let is_ordered = of("exponential", "ms") > of("equal", "ms")
            && of("equal", "ms") > of("full", "ms")
            && of("full", "ms") >= 0.9 * of("decorrelated", "ms");
        self.claim(report, is_ordered, "time: exponential > equal > full >= 0.9 of decorrelated");
    }

    /// With so many calls of each client, ten a second.
    pub(crate) fn retries(&mut self, report: &Report, calls: f64) {
        // Four deviations, of a hundred clients.
        let (of_load, of_failed) = if calls < 1_000.0 { (0.025, 0.0125) } else { (0.01, 0.005) };
        for rate in values(report, "failure rate") {
            let p = rate.parse::<f64>().unwrap_or(f64::NAN);
            let of = |policy, column| report.number(&[policy, &rate], column).unwrap_or(f64::NAN);
            let attempts = if p < 1.0 { (1.0 - p.powi(4)) / (1.0 - p) } else { 4.0 };
            let is_closed_form = (of("plain retries", "requests per call") / attempts - 1.0).abs() < of_load
                && (of("plain retries", "failed calls") - p.powi(4)).abs() < of_failed;
            self.claim(report, is_closed_form, &format!("the closed forms of three retries at {rate}"));
            // Five tokens of each client at the beginning.
            let (bucket, most) = (of("token bucket", "requests per call"), 1.1 + 5.0 / calls + 0.001);
            let claim = format!("a bucket makes {bucket:.3} of a call at {rate}, at most {most:.3}");
            self.claim(report, bucket <= most, &claim);
        }
        // gRPC, proposal A6: the fifth failure in a row is the first that is not retried. AWS, standard mode: 500 tokens. Finagle: a
        // hundred, a fifth of the calls, and ten a second.
        for (policy, expected, part) in [
            ("gRPC throttling", 4.0, 0.0),
            ("AWS at cost 5", 100.0, 0.0),
            ("AWS at cost 10", 50.0, 0.0),
            ("AWS at cost 14", 35.0, 0.0),
            ("Finagle", 100.0 + calls / 5.0 + calls, 0.09),
        ] {
            let left = report.number(&[policy, "1"], "retries of a client").unwrap_or(f64::NAN);
            let claim = format!("`{policy}` leaves {left} retries in an outage, {expected}");
            self.claim(report, (left - expected).abs() < 1e-6 + part * expected, &claim);
        }
        // The part of a success that comes back, and what there was at the beginning.
        for (policy, most) in
            [("gRPC throttling", 1.1 + 5.0 / calls), ("AWS at cost 14", 1.0 + 1.0 / 14.0 + 40.0 / calls)]
        {
            let load = report.number(&[policy, "0.5"], "requests per call").unwrap_or(f64::NAN);
            self.claim(
                report,
                load <= most,
                &format!("`{policy}` makes {load:.3} of a call, at most {most:.3}"),
            );
        }
    }

    pub(crate) fn layers(&mut self, report: &Report) {
        for (layers, attempts) in [("1", 3.0), ("2", 9.0), ("3", 27.0), ("4", 81.0), ("5", 243.0)] {
            let plain = report.number(&["plain retries", layers], "requests per call").unwrap_or(f64::NAN);
            self.claim(report, (plain - attempts).abs() < 1e-9, &format!("3^{layers} requests of a call"));
            let expected = 1.1_f64.powi(layers.parse().unwrap_or(0));
            let budget =
                report.number(&["budget of a tenth", layers], "requests per call").unwrap_or(f64::NAN);
            self.claim(
                report,
                (budget / expected - 1.0).abs() < 0.01,
                &format!("1.1^{layers} with a budget of a tenth"),
            );
        }
    }

    pub(crate) fn herd(&mut self, report: &Report) {
        let peak = |policy| report.number(&[policy], "peak").unwrap_or(f64::NAN);
        self.claim(report, peak("fixed delay") > 10.0, "without jitter all are back at once");
        let is_spread = peak("exponential with jitter") < peak("fixed delay") / 5.0;
        self.claim(report, is_spread, "with jitter they are spread");
        for policy in ["exponential with jitter", "defaults"] {
            let is_back = report.number(&[policy], "all back").is_some();
            self.claim(report, is_back, &format!("with `{policy}` all are back in the end"));
        }
    }

    /// Trials spare a server that is down, and do not keep it from its callers once it is back.
    pub(crate) fn half_open(&mut self, report: &Report) {
        let of = |policy: &str, column: &str| report.number(&[policy], column);
        let sent = of("defaults", "requests per call while down").unwrap_or(f64::NAN);
        // Half of a window of ten has to fail before it opens, of ten units that are counted.
        let claim = format!("{sent:.3} requests of a call while it is down, below 0.6");
        self.claim(report, sent < 0.6, &claim);
        let recovery = of("defaults", "recovery");
        let claim = format!("well within 25 units of its return: {recovery:?}");
        self.claim(report, recovery.is_some_and(|units| units <= 25.0), &claim);
        self.claim(report, of("budget alone", "openings") == Some(0.0), "without a breaker nothing opens");
        let (ours, hasty) = (of("defaults", "openings"), of("closes on the first success", "openings"));
        self.claim(
            report,
            ours <= hasty,
            &format!("it opens no more often than a hasty one: {ours:?}, {hasty:?}"),
        );
    }

    /// The Tail at Scale: a copy after the P95 takes the tail away for about a twentieth more requests.
    pub(crate) fn hedging(&mut self, report: &Report) {
        let of = |policy: &str, column: &str| report.number(&[policy], column).unwrap_or(f64::NAN);
        let p95 = of("no hedge", "p95");
        let (before, after) = (of("no hedge", "p99") / p95, of("hedge at P95", "p99") / p95);
        self.claim(report, before > 4.0, &format!("the P99 is {before:.1} times the P95, above 4"));
        self.claim(report, after < 2.0, &format!("with copies {after:.1} times, below 2"));
        let more = of("hedge at P95", "requests per call");
        self.claim(report, more <= 1.07, &format!("{more:.3} requests of a call, about 1.05"));
    }

    /// A breaker and an autoscaler that lock each other in; and a target at which nobody can help it.
    pub(crate) fn capture(&mut self, report: &Report) {
        const NAIVE: &str = "plain retries and a fixed break";
        let of = |policy, target, column| report.number(&[policy, target], column).unwrap_or(f64::NAN);
        for target in ["0.7", "0.9"] {
            let naive = of(NAIVE, target, "success");
            self.claim(report, naive < 0.1, &format!("naive at {target}: {naive:.3} succeed, below 0.1"));
            // 210 calls in a unit, of which each instance serves 30: seven are busy.
            let most = of(NAIVE, target, "most instances");
            self.claim(
                report,
                most <= 3.0,
                &format!("naive at {target}: {most} instances, of seven that are needed"),
            );
        }
        let ours = of("defaults", "0.7", "success");
        self.claim(report, ours >= 0.99, &format!("the defaults end at {ours:.4}, at least 0.99"));
        let range = (of("defaults", "0.7", "fewest instances"), of("defaults", "0.7", "most instances"));
        let is_steady = range.0 >= 9.0 && range.1 <= 12.0;
        self.claim(report, is_steady, &format!("on about 7 / 0.7 instances: {range:?}"));
        let caught = of("defaults", "0.9", "success");
        self.claim(report, caught < 0.5, &format!("at a target of 0.9 they are caught, too: {caught:.3}"));
        let most = of("defaults", "0.9", "most instances");
        self.claim(report, most < 7.0, &format!("as it is scaled to {most} instances, below seven"));
        let says =
            report.verdict().contains("Scale on the calls that were offered, the rejected ones included");
        self.claim(report, says, "and the verdict says what to scale on");
    }

    /// Twice and three times as much as can be done: as much is done, and for those who matter most.
    pub(crate) fn fair(&mut self, report: &Report) {
        for load in values(report, "load") {
            let share = load.parse::<f64>().unwrap_or(f64::NAN);
            for size in values(report, "calls of a task") {
                let of = |column| {
                    report.number(&["bulkhead with priorities", &load, &size], column).unwrap_or(f64::NAN)
                };
                let goodput = of("goodput");
                let claim =
                    format!("{goodput:.3} of the capacity at load {load} with {size} calls, at least 0.9");
                self.claim(report, goodput >= 0.9 * share.min(1.0), &claim);
                let critical = of("critical");
                let claim = format!(
                    "{critical:.4} of the critical tasks at load {load} with {size} calls, at least 0.99"
                );
                self.claim(report, critical >= 0.99, &claim);
            }
        }
    }
}

/// The distinct values of a column, as they are shown.
pub(crate) fn values(report: &Report, column: &str) -> Vec<String> {
    let Some(at) = report.columns().iter().position(|name| *name == column) else { return Vec::new() };
    let mut values: Vec<String> =
        report.rows().iter().filter_map(|row| row.get(at)).map(Cell::to_string).collect();
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}
