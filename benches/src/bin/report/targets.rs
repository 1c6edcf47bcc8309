//! Decides whether the library reaches its targets.

use std::fmt::Write as _;

use crate::figures::Figures;
use crate::number::shown;

const READY: &str = "full stack, ready";
const PENDING: &str = "full stack, pending once";
const BARE: &str = "bare body";
/// Ours with statistics switched off, which is a process of its own.
const SILENT: &str = "ours, without statistics";

/// Which side of the aim is the right one.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    AtMost,
    AtLeast,
}

use Side::{AtLeast, AtMost};

struct Target {
    what: &'static str,
    side: Side,
    aim: f64,
    /// What would be a triumph.
    moonshot: Option<f64>,
    unit: &'static str,
    figure: fn(&Figures) -> Option<f64>,
}

const fn target(
    what: &'static str,
    side: Side,
    (aim, moonshot): (f64, Option<f64>),
    unit: &'static str,
    figure: fn(&Figures) -> Option<f64>,
) -> Target {
    Target { what, side, aim, moonshot, unit, figure }
}

/// The fastest composition by hand, in the same run, over ours.
fn by_hand(figures: &Figures, group: &str) -> Option<f64> {
    let by_hand = figures.of_group("wall_min", group).filter(|row| row.case.starts_with("by hand"));
    let fastest = by_hand.map(|row| row.value).min_by(f64::total_cmp)?;
    Some(fastest / figures.find("wall_min", group, "ours")?)
}

fn beyond_bare(figures: &Figures, case: &str) -> Option<f64> {
    Some(figures.find("wall_min", "retry", case)? - figures.find("wall_min", BARE, "ready")?)
}

/// A function with the clause beyond the same without.
fn beyond_retry(figures: &Figures, case: &str) -> Option<f64> {
    Some(figures.find("wall_min", "idempotency", case)? - figures.find("wall_min", "retry", "ours")?)
}

/// What failures cost, besides what the statistics of an attempt cost that is the first.
const FAILS_TWICE: &str = "fail, fail, succeed, beyond backon and the statistics of two attempts";

const TARGETS: &[Target] = &[
    target("all patterns, body ready", AtMost, (50.0, Some(40.0)), "ns", |all| {
        all.find("wall_min", READY, "ours")
    }),
    target("… instructions", AtMost, (350.0, Some(280.0)), "", |all| {
        all.find("instructions", READY, "ours")
    }),
    target("… allocations", AtMost, (0.0, None), "", |all| all.find("allocations", READY, "ours")),
    target("… against the fastest by hand", AtLeast, (2.3, Some(3.0)), "×", |all| by_hand(all, READY)),
    target("all patterns, body pending once", AtMost, (120.0, Some(100.0)), "ns", |all| {
        all.find("wall_min", PENDING, "ours")
    }),
    target("… instructions", AtMost, (700.0, Some(600.0)), "", |all| {
        all.find("instructions", PENDING, "ours")
    }),
    target("… against the fastest by hand", AtLeast, (1.8, Some(2.0)), "×", |all| by_hand(all, PENDING)),
    target("two threads on one service, ready", AtLeast, (40.0, Some(55.0)), "M calls/s", |all| {
        all.find("throughput_2_median", READY, "ours")
    }),
    target("two threads on one service, pending once", AtLeast, (15.0, Some(20.0)), "M calls/s", |all| {
        all.find("throughput_2_median", PENDING, "ours")
    }),
    target("two threads over one, on one service", AtLeast, (1.7, Some(1.9)), "×", |all| {
        all.find("scaling", READY, "ours")
    }),
    // Without statistics, as the peers are: the two readings of the clock for a latency take as long alone.
    target("breaker alone, closed, without statistics", AtMost, (16.0, Some(13.0)), "ns", |all| {
        all.find("wall_min", "breaker", SILENT)
    }),
    target("breaker over the last calls instead of a time, closed", AtMost, (45.0, None), "ns", |all| {
        all.find("wall_min", "breaker", "ours, count window")
    }),
    target("rate limit alone, not reached", AtMost, (35.0, None), "ns", |all| {
        all.find("wall_min", "rate limit", "ours")
    }),
    target("open breaker", AtMost, (25.0, Some(12.0)), "ns", |all| {
        all.find("wall_min", "open breaker", "ours")
    }),
    target("… allocations", AtMost, (0.0, None), "", |all| all.find("allocations", "open breaker", "ours")),
    target("retry alone, beyond the bare call", AtMost, (30.0, Some(24.0)), "ns", |all| {
        beyond_bare(all, "ours")
    }),
    target("… without statistics", AtMost, (5.0, Some(2.0)), "ns", |all| beyond_bare(all, SILENT)),
    target(FAILS_TWICE, AtMost, (0.0, None), "ns", |all| {
        let fails = |case| all.find("wall_min", "error path, fails twice", case);
        let statistics = beyond_bare(all, "ours")? - beyond_bare(all, SILENT)?;
        Some(fails("ours")? - fails("backon")? - 2.0 * statistics)
    }),
    target("future beyond the plain one", AtMost, (200.0, Some(120.0)), "bytes", |all| {
        all.find("future beyond plain", "futures", "trivial body")
    }),
    target("a call in 10,000 services against one of 1", AtMost, (1.05, None), "×", |all| {
        all.find("registry", "annotated", "later call, 10,000 services against 1")
    }),
    target("delay by a reload of 1,000 services, each time", AtMost, (1.0, None), "ms", |all| {
        let what = "longest without waits for a core, median of the rounds";
        all.find("reload", what, "reload").map(|micros| micros / 1e3)
    }),
    target("callers that waited for a lock of a reload", AtMost, (0.0, None), "times", |all| {
        all.find("reload", "sleeps of callers", "reload")
    }),
    target("with an idempotency key, runs, beyond one without", AtMost, (1_000.0, None), "ns", |all| {
        beyond_retry(all, "ours, each key new")
    }),
    target("… is given an earlier result", AtMost, (250.0, None), "ns", |all| {
        beyond_retry(all, "ours, replayed")
    }),
    target("… each of a million finished keys", AtMost, (200.0, None), "bytes", |all| {
        all.find("memory", "idempotency keys", "each of a million")
    }),
    target("incremental build beyond plain, each function", AtMost, (15.0, Some(5.0)), "ms", |all| {
        all.find("compile beyond plain", "debug build after one change", "annotated")
    }),
];

impl Target {
    fn is_met(&self, figure: f64, aim: f64) -> bool {
        match self.side {
            AtMost => figure <= aim,
            AtLeast => figure >= aim,
        }
    }
}

pub(crate) fn table(figures: &Figures) -> String {
    let mut text = String::from(
        "## Targets\n\n| what | target | moonshot | measured | |\n| --- | --- | --- | ---: | --- |\n",
    );
    for target in TARGETS {
        let sign = if target.side == AtMost { "≤" } else { "≥" };
        let aim = |aim| format!("{sign} {} {}", shown(aim), target.unit);
        let moonshot = target.moonshot.map(aim).unwrap_or_default();
        let (measured, verdict) = match (target.figure)(figures) {
            None => ("–".to_owned(), "not measured"),
            Some(figure) => {
                let is_met = |aim| target.is_met(figure, aim);
                let verdict = match (is_met(target.aim), target.moonshot.is_some_and(is_met)) {
                    (true, true) => "**moonshot reached**",
                    (true, false) => "reached",
                    (false, _) => "missed",
                };
                (shown(figure), verdict)
            }
        };
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "| {} | {} | {moonshot} | {measured} | {verdict} |", target.what, aim(target.aim));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use benches::row::Row;

    #[test]
    fn verdicts_follow_the_figures() {
        let of = |nanos| {
            let row = |case, value| Row::new("wall_min", READY, case, value, "ns");
            let text = table(&Figures::of(vec![row("ours", nanos), row("by hand", 120.0)]));
            let verdict = |what: &str| {
                let line = text.lines().find(|line| line.contains(what)).map(str::to_owned);
                line.expect("a line").rsplit('|').nth(1).map(str::trim).map(str::to_owned)
            };
            (verdict("body ready"), verdict("against the fastest by hand"), verdict("open breaker"))
        };
        let words =
            |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()), Some("not measured".to_owned()));
        assert_eq!(of(39.0), words("**moonshot reached**", "**moonshot reached**"));
        assert_eq!(of(50.0), words("reached", "reached"));
        assert_eq!(of(60.0), words("missed", "missed"));
    }
}
