//! Builds a suite of tests for a service (`run_comprehensive_test_suite`). In: functions of the user's, and what is expected of
//! them. Out: stages that can be run.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::outcome::Stage;
use super::stages::{self, Trouble};
use crate::testing::load::{Schedule, Threshold};

/// A stage that has not run yet.
pub(super) type Planned = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Stage> + Send>> + Send>;

/// How long a function may take to be well again after the trouble, unless set. Longer than breaks last by default.
const RECOVERY: Duration = Duration::from_mins(1);

/// What is tested in one run of [`run_comprehensive_test_suite`](crate::testing::run_comprehensive_test_suite).
#[must_use = "a suite does nothing until it is run"]
pub struct TestSuite {
    pub(super) name: String,
    pub(super) config_file: Option<PathBuf>,
    pub(super) allows_findings: bool,
    pub(super) stages: Vec<Planned>,
}

impl TestSuite {
    /// A suite that looks at the settings in force, and does nothing else yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), config_file: None, allows_findings: false, stages: Vec::new() }
    }

    /// Puts a file of settings in force first, in the registry in which the suite runs.
    #[cfg(feature = "config")]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config_file = Some(path.into());
        self
    }

    /// Reports [findings](crate::Registry::findings) about the settings, and does not fail because of them.
    pub fn allow_findings(mut self) -> Self {
        self.allows_findings = true;
        self
    }

    /// Adds the stages of a function. They run in the order in which they were added.
    pub fn subject<F>(mut self, subject: Subject<F>) -> Self {
        self.stages.extend(subject.stages);
        self
    }
}

impl fmt::Debug for TestSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestSuite")
            .field("name", &self.name)
            .field("config_file", &self.config_file)
            .field("stages", &self.stages.len())
            .finish_non_exhaustive()
    }
}

/// A function of the user's, and what is expected of it.
///
/// Expectations are [thresholds](Threshold), as texts.
#[must_use = "a subject does nothing until it is a part of a suite"]
pub struct Subject<F> {
    name: String,
    body: Arc<F>,
    stages: Vec<Planned>,
}

impl<F, Fut, T, E> Subject<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: 'static,
    E: 'static,
{
    /// A function that is called without arguments, and the name that reports have for it.
    pub fn new(name: impl Into<String>, body: F) -> Self {
        Self { name: name.into(), body: Arc::new(body), stages: Vec::new() }
    }

    /// Calls it by a schedule. Where no threshold is about success, some call has to succeed, as also in a
    /// [benchmark](Self::benchmark).
    ///
    /// # Panics
    ///
    /// If a text is no threshold: it says which, and what to write.
    #[track_caller]
    pub fn load<'t>(mut self, schedule: Schedule, thresholds: impl IntoIterator<Item = &'t str>) -> Self {
        let thresholds = read(thresholds);
        let (name, body) = (self.name.clone(), Arc::clone(&self.body));
        self.stages.push(Box::new(move || Box::pin(stages::load(name, body, schedule, thresholds))));
        self
    }

    /// Calls it by a schedule while something is wrong, and afterwards until it is well again.
    ///
    /// The trouble begins when `begin` is called, and ends when what that returned is dropped, as an
    /// [armed rule](crate::testing::chaos) does, which also has to hit some attempt. Afterwards the function is called ten times
    /// per second, and has to succeed ten times in a row within a minute.
    ///
    /// # Panics
    ///
    /// If a text is no threshold: it says which, and what to write.
    #[track_caller]
    pub fn chaos<'t, G: Send + 'static>(
        mut self,
        trouble: impl Into<String>,
        begin: impl FnOnce() -> G + Send + 'static,
        schedule: Schedule,
        thresholds: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let thresholds = read(thresholds);
        let (name, body) = (format!("{}: {}", self.name, trouble.into()), Arc::clone(&self.body));
        let trouble = Trouble { begin, recovery: RECOVERY };
        self.stages
            .push(Box::new(move || Box::pin(stages::chaos(name, body, trouble, schedule, thresholds))));
        self
    }

    /// Calls it so many times, at least once, one call after another, and a tenth of that before, which is not measured. A call
    /// that has not ended after 30 s is the last.
    ///
    /// # Panics
    ///
    /// If a text is no threshold: it says which, and what to write.
    #[track_caller]
    pub fn benchmark<'t>(mut self, calls: u32, thresholds: impl IntoIterator<Item = &'t str>) -> Self {
        let thresholds = read(thresholds);
        let (name, body) = (self.name.clone(), Arc::clone(&self.body));
        self.stages.push(Box::new(move || Box::pin(stages::benchmark(name, body, calls, thresholds))));
        self
    }
}

#[track_caller]
fn read<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Threshold> {
    let mut thresholds = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(threshold) => thresholds.push(threshold),
            Err(error) => panic!("{error}"),
        }
    }
    thresholds
}

impl<F> fmt::Debug for Subject<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, body: _, stages } = self;
        f.debug_struct("Subject").field("name", name).field("stages", &stages.len()).finish_non_exhaustive()
    }
}
