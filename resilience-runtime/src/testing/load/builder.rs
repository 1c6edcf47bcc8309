//! Builds a load test: its body, when it is called, what it has to reach. In: settings, one by one. Out: a report.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::call_end::Classes;
use super::error::LoadError;
use super::progress::{self, Progress, Told};
use super::report::{Allowed, Baseline, Report, judged};
use super::run::run;
use super::running::Limits;
use super::schedule::Schedule;
use super::threshold::Threshold;

/// Calls that may be under way at once, unless set: enough for 1,000 calls per second that take 10 s each.
const MOST_IN_FLIGHT: usize = 10_000;

/// How long calls may take to end after the last start, unless set.
const DRAIN: Duration = Duration::from_secs(30);

/// Calls a body by a schedule, in an [open loop](mod@crate::testing::load).
///
/// The body is an annotated function or any other that gives a future of a `Result`. An `Err` of a call that this library
/// ended by itself is counted by the [kind](crate::RejectionKind) of the rejection, apart from errors of the dependency.
/// Calls run as tasks of the runtime in which the load runs, with the [isolated](crate::testing::isolated) registry of the
/// caller if there is one.
///
/// ```
/// use std::time::Duration;
///
/// use resilience_runtime::testing::{self, load::Schedule};
/// use tokio::time::sleep;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// let report = testing::load(|| async {
///     sleep(Duration::from_millis(20)).await;
///     Ok::<_, std::io::Error>("an answer")
/// })
/// .schedule(Schedule::poisson(100.0, Duration::from_secs(10)))
/// .threshold("p99 < 80 ms")
/// .threshold("success > 99 %")
/// .run()
/// .await
/// .unwrap();
///
/// assert!(report.has_passed(), "{report}");
/// # }
/// ```
pub fn load<F, Fut, T, E>(body: F) -> Load<F, E>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    Load {
        body,
        schedule: Schedule::poisson(10.0, Duration::from_secs(10)),
        seed: 1,
        limits: Limits { in_flight: MOST_IN_FLIGHT, drain: DRAIN },
        thresholds: Vec::new(),
        fault: None,
        baseline: None,
        allowed_points: Allowed::POINTS,
        classes: None,
        told: None,
    }
}

/// A load that has not begun.
#[must_use = "a load does nothing until it is run"]
pub struct Load<F, E> {
    body: F,
    schedule: Schedule,
    seed: u64,
    limits: Limits,
    thresholds: Vec<Threshold>,
    /// The first threshold that is none, until the load is run.
    fault: Option<LoadError>,
    baseline: Option<(Baseline, f64)>,
    allowed_points: f64,
    classes: Option<Arc<Classes<E>>>,
    told: Option<Told>,
}

impl<F, E> Load<F, E> {
    /// When calls start. Unless set, ten per second for ten seconds, at random.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// The seed of random starts, 1 unless set: the same seed gives the same starts.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Something to reach, as a [`Threshold`] or its text. A text that is none is an error when the load is run.
    pub fn threshold(mut self, threshold: impl TryInto<Threshold, Error: fmt::Display>) -> Self {
        match threshold.try_into() {
            Ok(threshold) => self.thresholds.push(threshold),
            Err(fault) => self.fault = self.fault.or_else(|| Some(LoadError::threshold(fault.to_string()))),
        }
        self
    }

    /// An earlier run, and by how many percent the times of this one may be longer. By how much fewer calls may succeed is
    /// [`allow_success`](Self::allow_success).
    pub fn baseline(mut self, baseline: Baseline, percent: f64) -> Self {
        self.baseline = Some((baseline, percent));
        self
    }

    /// By how many percentage points success may be lower than in the earlier run, 0.5 unless set: from 100 % down to 99.5 %.
    pub fn allow_success(mut self, points: f64) -> Self {
        self.allowed_points = points;
        self
    }

    /// How many calls may be under way at once, 10,000 unless set. A call whose start comes while there are that many is
    /// counted as not started; it does not start later.
    pub fn max_in_flight(mut self, calls: usize) -> Self {
        self.limits.in_flight = calls;
        self
    }

    /// How long calls may take to end after the last start, 30 s unless set. Those that have not ended by then are dropped,
    /// and counted as unfinished.
    pub fn drain(mut self, time: Duration) -> Self {
        self.limits.drain = time;
        self
    }

    /// Counts errors apart by a class that is found for each, such as its status. Of more than 20, the rest is `others`.
    pub fn classes<C: Into<Cow<'static, str>>>(
        mut self,
        class: impl Fn(&E) -> C + Send + Sync + 'static,
    ) -> Self {
        self.classes = Some(Arc::new(move |error: &E| class(error).into()));
        self
    }

    /// Tells how far the load is, five times in a second.
    pub fn on_progress(mut self, told: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.told = Some(Box::new(told));
        self
    }

    /// Shows how far the load is in a line on the standard error, if that is a terminal.
    pub fn show_progress(mut self) -> Self {
        self.told = progress::on_terminal();
        self
    }

    /// Generates the load, and waits for its calls. If the future is dropped, they are too.
    ///
    /// # Errors
    ///
    /// Before the first call, when the [schedule](Schedule::starts), a threshold or the baseline is none; after the last,
    /// when the clock was paused meanwhile, as all times are wrong then.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime. A body that panics is counted.
    pub async fn run<Fut, T>(self) -> Result<Report, LoadError>
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        E: 'static,
    {
        let Self { body, schedule, seed, limits, thresholds, fault, baseline, allowed_points, classes, told } =
            self;
        if let Some(fault) = fault {
            return Err(fault);
        }
        let starts = schedule.starts(seed)?;
        let identity = schedule.identity();
        let baseline =
            baseline.map(|(baseline, percent)| (baseline, Allowed { percent, points: allowed_points }));
        if let Some((baseline, allowed)) = &baseline {
            baseline.check(&identity, *allowed)?;
        }
        let run = run(body, classes, starts, schedule.lasts(), limits, told).await?;
        Ok(judged(run, identity, seed, &thresholds, baseline.as_ref()))
    }
}

impl<F, E> fmt::Debug for Load<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("schedule", &self.schedule)
            .field("seed", &self.seed)
            .field("limits", &self.limits)
            .field("thresholds", &self.thresholds)
            .finish_non_exhaustive()
    }
}
