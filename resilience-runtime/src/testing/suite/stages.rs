//! Runs the stages of a suite that make calls. In: a function of the user's, and what is expected of it. Out: what came.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use resilience_settings::duration;
use tokio::time::{Instant, sleep, timeout};

use super::expectation::{Expectation, Met, of_load};
use super::outcome::{Stage, StageKind};
use crate::testing::chaos::ArmedRule;
use crate::testing::load::{
    self as open_loop, CallEnd, LoadError, Report, Schedule, Threshold, ended, one_after_another,
};
use crate::testing::prose::counted;

/// So many successes in a row are no luck.
const WELL: u32 = 10;

/// Between calls that look whether it is well again.
const PAUSE: Duration = Duration::from_millis(100);

/// What is wrong for a while.
pub(super) struct Trouble<B> {
    pub(super) begin: B,
    /// How long it may take to be well again.
    pub(super) recovery: Duration,
}

pub(super) async fn load<F, Fut, T, E>(
    name: String,
    body: Arc<F>,
    schedule: Schedule,
    thresholds: Vec<Threshold>,
) -> Stage
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    let began = Instant::now();
    let result = loaded(body, schedule, thresholds).await;
    stage(StageKind::Load, name, began, result, Vec::new())
}

pub(super) async fn chaos<F, Fut, T, E, B, G>(
    name: String,
    body: Arc<F>,
    trouble: Trouble<B>,
    schedule: Schedule,
    thresholds: Vec<Threshold>,
) -> Stage
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: 'static,
    E: 'static,
    B: FnOnce() -> G + Send + 'static,
    G: Send + 'static,
{
    let began = Instant::now();
    let armed: Box<dyn Any + Send> = match catch_unwind(AssertUnwindSafe(trouble.begin)) {
        Ok(armed) => Box::new(armed),
        Err(panic) => {
            // Without it nothing is to be borne.
            let expectations = vec![panicked("the trouble begins", &*panic)];
            return Stage {
                kind: StageKind::Chaos,
                name,
                lasted: began.elapsed(),
                expectations,
                report: None,
            };
        }
    };
    let result = loaded(Arc::clone(&body), schedule, thresholds).await;
    let mut more: Vec<_> = was_met(&*armed).into_iter().collect();
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(armed))) {
        more.push(panicked("the trouble ends", &*panic));
    }
    more.push(recovers(&*body, trouble.recovery).await);
    stage(StageKind::Chaos, name, began, result, more)
}

pub(super) async fn benchmark<F, Fut, T, E>(
    name: String,
    body: Arc<F>,
    calls: u32,
    thresholds: Vec<Threshold>,
) -> Stage
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
{
    let began = Instant::now();
    let report = one_after_another(|| body(), calls.max(1), &thresholds).await;
    stage(StageKind::Benchmark, name, began, Ok(report), Vec::new())
}

async fn loaded<F, Fut, T, E>(
    body: Arc<F>,
    schedule: Schedule,
    thresholds: Vec<Threshold>,
) -> Result<Report, LoadError>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    let mut load = open_loop::load(move || body()).schedule(schedule);
    for threshold in thresholds {
        load = load.threshold(threshold);
    }
    load.run().await
}

/// Whether a rule has hit anything: a function that bears a trouble which never came has shown nothing. Of any other sort of
/// trouble, nobody knows.
fn was_met(armed: &(dyn Any + Send)) -> Option<Expectation> {
    let hits = armed.downcast_ref::<ArmedRule>()?.injected();
    let what = "the trouble hits some attempt";
    Some(Expectation::of(what, hits > 0, counted(hits, "attempt")))
}

/// What begins or ends a trouble is the user's.
fn panicked(what: &str, panic: &(dyn Any + Send)) -> Expectation {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text");
    Expectation::of(what, false, format!("it panics: {text}"))
}

/// Calls until it has succeeded some times in a row.
async fn recovers<F, Fut, T, E>(body: &F, within: Duration) -> Expectation
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let since_end = Instant::now();
    let what = format!("it is well again within {}", duration::text(within));
    let mut in_a_row = 0;
    let mut well_since = None;
    while since_end.elapsed() <= within {
        let begins = since_end.elapsed();
        let Ok(end) = timeout(within.saturating_sub(begins), ended(body, None)).await else {
            let well =
                if in_a_row == 1 { "1 success".to_owned() } else { format!("{in_a_row} successes in a row") };
            return Expectation::of(what, false, format!("{well}, then a call that did not end"));
        };
        if matches!(end, CallEnd::Ok) {
            well_since.get_or_insert(begins);
            in_a_row += 1;
        } else {
            well_since = None;
            in_a_row = 0;
        }
        if let (WELL, Some(since)) = (in_a_row, well_since) {
            return Expectation::of(what, true, after(since));
        }
        sleep(PAUSE).await;
    }
    Expectation::of(what, false, format!("{in_a_row} of {WELL} successes in a row at the end"))
}

/// To the pause between calls, as nothing more is known.
fn after(time: Duration) -> String {
    if time < PAUSE { "at once".to_owned() } else { format!("after {:.1} s", time.as_secs_f64()) }
}

fn stage(
    kind: StageKind,
    name: String,
    began: Instant,
    result: Result<Report, LoadError>,
    more: Vec<Expectation>,
) -> Stage {
    let (mut expectations, report) = match result {
        Ok(report) => (of_load(&report), Some(report)),
        Err(error) => {
            let what = "the calls can be made";
            (
                vec![Expectation::new(
                    what,
                    if error.is_clock() { Met::Unknown } else { Met::No },
                    error.to_string(),
                )],
                None,
            )
        }
    };
    expectations.extend(more);
    let ok = report.as_ref().map_or(0, Report::ok);
    // Fast failures keep any bound for times. While there is trouble that may be all that is wanted.
    let is_silent = |report: &Report| !report.is_held_to_success() && !report.is_saturated();
    let only_fails = ok == 0 && kind != StageKind::Chaos && report.as_ref().is_some_and(is_silent);
    if expectations.is_empty() || only_fails {
        expectations.push(Expectation::of("some call succeeds", ok > 0, format!("{ok} did")));
    }
    Stage { kind, name, lasted: began.elapsed(), expectations, report }
}
