//! Builds and plays a simulation of one scenario. In: a seed, a user's policy. Out: its report.

use std::fmt;
use std::time::Duration;

use super::chart::Chart;
use super::policy::Policy;
use super::report::{Cell, Report};

/// A scenario that is known by its name.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) play: fn(&Simulation) -> Report,
}

/// A scenario with what is to be different in it.
#[derive(Clone, Debug)]
#[must_use = "it is played by `run`"]
pub struct Simulation {
    scenario: Scenario,
    pub(super) seed: u64,
    pub(super) policy: Option<Policy>,
    extent: Extent,
    /// Without what it is compared with.
    is_alone: bool,
}

/// How much of it is played.
#[derive(Clone, Copy, Debug)]
enum Extent {
    Whole,
    Quick,
    Glimpse,
}

impl Scenario {
    /// What it is called by.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it shows, in a sentence.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Begins it, with seed 1.
    pub fn simulation(&self) -> Simulation {
        Simulation { scenario: *self, seed: 1, policy: None, extent: Extent::Whole, is_alone: false }
    }
}

impl Simulation {
    /// Another seed: other chance, the same every time.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Plays it with this policy in the place of our defaults, or beside what it compares. All its times become multiples of the
    /// attempt timeout of that, those of the policies that it is compared with included.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Plays fewer points and shorter times: seconds instead of minutes, also in a debug build.
    pub fn quick(mut self) -> Self {
        self.extent = Extent::Quick;
        self
    }

    /// Plays so little that no figure of it means anything: to see in milliseconds that a policy can be played.
    #[doc(hidden)]
    pub fn glimpse(mut self) -> Self {
        self.extent = Extent::Glimpse;
        self
    }

    /// Leaves policies out that it is only compared with.
    #[doc(hidden)]
    pub fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Which one it is.
    pub fn scenario(&self) -> Scenario {
        self.scenario
    }

    /// Plays it. It blocks until it is through; the calls take place on threads and runtimes of its own.
    pub fn run(self) -> Report {
        let mut report = (self.scenario.play)(&self);
        if let Some(policy) = self.policy.as_ref().filter(|policy| policy.observes()) {
            report.tell_observed(policy.name());
        }
        report
    }

    /// The unit of its times: the attempt timeout of the policy.
    pub(super) fn unit(&self) -> Duration {
        self.policy.as_ref().map_or(Duration::from_secs(1), Policy::attempt_timeout)
    }

    /// The policy that it is about: the user's, or our defaults.
    pub(super) fn chosen(&self) -> Policy {
        self.policy.clone().unwrap_or_else(|| Policy::defaults(self.unit()))
    }

    /// Of three, the one for how much is played.
    pub(super) fn extent<T>(&self, whole: T, quick: T, glimpse: T) -> T {
        match self.extent {
            Extent::Whole => whole,
            Extent::Quick => quick,
            Extent::Glimpse => glimpse,
        }
    }

    /// Policies to compare with one another, without all but the chosen one if it is alone.
    pub(super) fn compared(&self, mut policies: Vec<Policy>) -> Vec<Policy> {
        if self.is_alone {
            let chosen = self.chosen();
            policies.retain(|policy| policy.name() == chosen.name());
        }
        policies
    }

    /// The report of it, without a verdict yet.
    pub(super) fn report(
        &self,
        unit: Duration,
        columns: &'static [&'static str],
        rows: Vec<Vec<Cell>>,
        charts: Vec<Chart>,
        limits: &'static str,
    ) -> Report {
        let ignored = self.policy.as_ref().map_or_else(Vec::new, |policy| policy.ignored().to_vec());
        let (scenario, seed, verdict) = (self.scenario.name, self.seed, String::new());
        Report { scenario, seed, unit, columns, rows, charts, verdict, limits, ignored }
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario").field("name", &self.name).finish_non_exhaustive()
    }
}
