//! What the callers saw in each phase of a round, and the figures that come of it.

use std::time::Duration;

use benches::row::Row;
use histogram::Histogram;

/// What runs beside the callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing.
    Quiet,
    /// The same text is checked, for as long as a reload takes; nothing is changed.
    Control,
    /// A reload.
    Reload,
    /// The file is written; not reported.
    Between,
}

impl Phase {
    pub(crate) const ALL: [Self; 4] = [Self::Quiet, Self::Control, Self::Reload, Self::Between];

    fn name(self) -> &'static str {
        match self {
            Self::Quiet => "nothing else runs",
            Self::Control => "control: as much work beside, no reload",
            Self::Reload => "reload",
            Self::Between => "between",
        }
    }
}

/// The latencies of one phase, as one caller or all saw them.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    latency: Histogram,
    longest: Duration,
    /// For each round the longest delay, less what the caller waited for a core in the same window.
    unexplained: Vec<Duration>,
    windows: u64,
    /// Windows with such a delay above a millisecond.
    late: u64,
    sleeps: u64,
}

impl Default for Seen {
    fn default() -> Self {
        // A hundredth of a value; up to 2^36 ns, a minute.
        let latency = Histogram::new(7, 36).expect("a valid shape");
        Self { latency, longest: Duration::ZERO, unexplained: Vec::new(), windows: 0, late: 0, sleeps: 0 }
    }
}

impl Seen {
    pub(crate) fn record(&mut self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.latency.increment(nanos).expect("no call takes a minute");
    }

    pub(crate) fn close_window(&mut self, longest: Duration, unexplained: Duration) {
        self.longest = self.longest.max(longest);
        self.windows += 1;
        self.late += u64::from(unexplained > Duration::from_millis(1));
        if let Some(worst) = self.unexplained.last_mut() {
            *worst = (*worst).max(unexplained);
        }
    }

    pub(crate) fn begin_round(&mut self) {
        self.unexplained.push(Duration::ZERO);
    }

    pub(crate) fn slept(&mut self, times: u64) {
        self.sleeps += times;
    }

    fn merge(&mut self, other: &Self) {
        self.latency.checked_add_assign(&other.latency).expect("the same shape");
        self.longest = self.longest.max(other.longest);
        // A caller that stood still has missed a phase; then its rounds are not those of the others.
        self.unexplained.resize(self.unexplained.len().max(other.unexplained.len()), Duration::ZERO);
        for (worst, theirs) in self.unexplained.iter_mut().zip(&other.unexplained) {
            *worst = (*worst).max(*theirs);
        }
        self.windows += other.windows;
        self.late += other.late;
        self.sleeps += other.sleeps;
    }

    fn quantile(&self, quantile: f64) -> f64 {
        let found = self.latency.quantile_bucket(quantile).expect("a quantile");
        found.map_or(f64::NAN, |bucket| as_micros(Duration::from_nanos(bucket.end())))
    }
}

fn as_micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Prints what all callers saw.
pub(crate) fn report(callers: Vec<Vec<Seen>>, reload_time: Duration, rounds: usize) {
    let mut all: Vec<Seen> = Phase::ALL.iter().map(|_| Seen::default()).collect();
    for caller in callers {
        for (sum, seen) in all.iter_mut().zip(&caller) {
            sum.merge(seen);
        }
    }
    for phase in [Phase::Quiet, Phase::Control, Phase::Reload] {
        let seen = &mut all[phase as usize];
        seen.unexplained.sort_unstable();
        let row = |what: &str, micros, note: &str| {
            Row::new("reload", what, phase.name(), micros, "µs").note(note).print();
        };
        row("p50", seen.quantile(0.5), "");
        row("p99", seen.quantile(0.99), "");
        row("p99.9", seen.quantile(0.999), "");
        row("p99.99", seen.quantile(0.9999), "");
        row("longest", as_micros(seen.longest), "waits for a core included");
        let median = seen.unexplained.get(seen.unexplained.len() / 2).copied().unwrap_or_default();
        let worst = seen.unexplained.last().copied().unwrap_or_default();
        row(
            "longest without waits for a core, median of the rounds",
            as_micros(median),
            "what a reload does each time",
        );
        row(
            "longest without waits for a core, worst round",
            as_micros(worst),
            "a host that takes a core away shows here too",
        );
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let count = |what: &str, count: u64, unit, note: &str| {
            Row::new("reload", what, phase.name(), count as f64, unit).note(note).print();
        };
        count(
            "windows of 0.5 ms with such a delay above 1 ms",
            seen.late,
            "windows",
            &format!("of {}", seen.windows),
        );
        count("sleeps of callers", seen.sleeps, "sleeps", "a caller sleeps only when it waits for a lock");
    }
    let each = reload_time / u32::try_from(rounds).unwrap_or(u32::MAX);
    Row::new("reload", "time of a reload", "on a core", each.as_secs_f64() * 1e3, "ms")
        .note(format!("1,000 services, every one with other numbers; mean of {rounds}"))
        .print();
}
