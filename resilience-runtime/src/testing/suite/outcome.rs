//! Data: what a suite came to, by stage.

use std::time::Duration;

use super::expectation::{Expectation, Met};
use crate::testing::load::Report;

/// What a suite came to. `Display` is a text for people, [`to_junit`](Self::to_junit) is for the server that builds.
#[derive(Debug)]
pub struct SuiteReport {
    pub(super) name: String,
    pub(super) stages: Vec<Stage>,
}

/// A part of a suite.
#[derive(Debug)]
pub struct Stage {
    pub(super) kind: StageKind,
    pub(super) name: String,
    pub(super) lasted: Duration,
    pub(super) expectations: Vec<Expectation>,
    pub(super) report: Option<Report>,
}

/// What a stage does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StageKind {
    /// Looks at the settings in force.
    Configuration,
    /// Calls while something fails, and afterwards.
    Chaos,
    /// Calls by a schedule.
    Load,
    /// Calls one after another.
    Benchmark,
}

impl StageKind {
    /// The word that reports have.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Chaos => "chaos",
            Self::Load => "load",
            Self::Benchmark => "benchmark",
        }
    }
}

impl Stage {
    /// What it did.
    pub fn kind(&self) -> StageKind {
        self.kind
    }

    /// Of what: the name of the subject, and of the trouble.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long it took.
    pub fn lasted(&self) -> Duration {
        self.lasted
    }

    /// What it expected. Never empty.
    pub fn expectations(&self) -> &[Expectation] {
        &self.expectations
    }

    /// What was measured, if calls were made.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// Whether everything that it expected is met.
    pub fn has_passed(&self) -> bool {
        self.count(Met::Yes) == self.expectations.len()
    }

    pub(super) fn count(&self, met: Met) -> usize {
        self.expectations.iter().filter(|expectation| expectation.met() == met).count()
    }
}

impl SuiteReport {
    /// The name of the suite.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The stages, in the order in which they ran.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Whether everything that was expected is met.
    pub fn has_passed(&self) -> bool {
        self.stages.iter().all(Stage::has_passed)
    }

    /// How many expectations came to this.
    pub fn count(&self, met: Met) -> usize {
        self.stages.iter().map(|stage| stage.count(met)).sum()
    }

    /// An exit code for a program of its own: 0 if all has passed, 1 if something was missed, 3 if something could not be
    /// measured and nothing was missed.
    pub fn exit_code(&self) -> u8 {
        match (self.count(Met::No), self.count(Met::Unknown)) {
            (0, 0) => 0,
            (0, _) => 3,
            _ => 1,
        }
    }
}
