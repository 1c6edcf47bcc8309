//! A service under load: how often calls arrive, how long bodies take, and the results.

use rand::RngExt as _;
use rand::rngs::SmallRng;
use resilience_settings::Priority;

pub(super) const MS: u64 = 1_000_000;

/// When the first call arrives.
pub(super) const FIRST: u64 = MS;

/// How long bodies take, with a mean of 20 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Body {
    Even,
    Uniform,
    LogNormal,
}

impl Body {
    pub(super) const MEAN: u64 = 20 * MS;

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some milliseconds")]
    pub(super) fn draw(self, chance: &mut SmallRng) -> u64 {
        match self {
            Self::Even => Self::MEAN,
            Self::Uniform => chance.random_range(10 * MS..30 * MS),
            Self::LogNormal => {
                let (spread, mean) = (0.8_f64, 20.0_f64);
                let (one, two): (f64, f64) = (chance.random(), chance.random());
                let normal = (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * two).cos();
                (1e6 * (mean.ln() - spread * spread / 2.0 + spread * normal).exp()) as u64
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    pub(super) permits: u32,
    pub(super) body: Body,
    /// The mean time from one call to the next.
    pub(super) every: u64,
    /// Whether calls arrive at random instead of at regular intervals.
    pub(super) at_random: bool,
    pub(super) deadline: u64,
    pub(super) max_wait: u64,
    pub(super) max_queue: u32,
    pub(super) calls: usize,
    /// How long it takes until a woken task is polled, body or waiter.
    pub(super) lag: u64,
    pub(super) mixed: bool,
    pub(super) seed: u64,
}

impl Default for Scenario {
    /// The overload scenario: nearly three times what one permit can serve, with time for two and a half bodies.
    fn default() -> Self {
        Self {
            permits: 1,
            body: Body::Even,
            every: 7 * MS,
            at_random: false,
            deadline: 50 * MS,
            max_wait: 1_000 * MS,
            max_queue: 64,
            calls: 2_857,
            lag: 0,
            mixed: false,
            seed: 1,
        }
    }
}

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallOutcome {
    Waits,
    Runs,
    Served {
        at: u64,
    },
    /// Its body was cut off.
    CutOff,
    /// It never ran. `is_full`: the queue was full.
    Refused {
        at: u64,
        is_full: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) came: u64,
    pub(super) priority: Priority,
    pub(super) outcome: CallOutcome,
    /// When its body began, if it did.
    pub(super) began: u64,
}

impl Call {
    /// When it began or was refused.
    pub(super) fn decided(&self) -> u64 {
        match self.outcome {
            CallOutcome::Refused { at, .. } => at,
            _ => self.began,
        }
    }
}

#[derive(Debug)]
pub(super) struct Report {
    pub(super) calls: Vec<Call>,
    /// In the order in which their bodies began.
    pub(super) began: Vec<usize>,
    pub(super) until: u64,
    pub(super) scenario: Scenario,
}

impl Report {
    fn served(&self) -> impl Iterator<Item = u64> {
        self.calls.iter().filter_map(|call| match call.outcome {
            CallOutcome::Served { at } => Some(at - call.came),
            _ => None,
        })
    }

    /// How many were served.
    pub(super) fn good(&self) -> usize {
        self.served().count()
    }

    /// The share of what the permits could have served.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn goodput(&self) -> f64 {
        let most = self.until as f64 * f64::from(self.scenario.permits) / Body::MEAN as f64;
        self.good() as f64 / most
    }

    /// The share of all calls that were served.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn success(&self) -> f64 {
        self.good() as f64 / self.calls.len() as f64
    }

    /// The share of bodies that were started in vain.
    #[expect(clippy::cast_precision_loss, reason = "small enough")]
    pub(super) fn waste(&self) -> f64 {
        1.0 - self.good() as f64 / self.began.len() as f64
    }

    /// The median latency of the calls that were served.
    pub(super) fn median(&self) -> u64 {
        let mut served: Vec<u64> = self.served().collect();
        served.sort_unstable();
        served.get(served.len() / 2).copied().unwrap_or_default()
    }
}

impl Scenario {
    /// The random numbers of arrivals and of bodies, which do not depend on the results of calls.
    pub(super) fn chances(self) -> (SmallRng, SmallRng) {
        let seeded = |salt| rand::SeedableRng::seed_from_u64(self.seed ^ salt);
        (seeded(0), seeded(0xABCD))
    }

    /// The priority of a call: one in ten is `Critical`, four are `Low`.
    pub(super) fn priority(self, chance: &mut SmallRng) -> Priority {
        match chance.random_range(0..10) {
            0 if self.mixed => Priority::Critical,
            1..3 if self.mixed => Priority::High,
            6.. if self.mixed => Priority::Low,
            _ => Priority::Normal,
        }
    }

    /// The time to the next call.
    pub(super) fn gap(self, chance: &mut SmallRng) -> u64 {
        if self.at_random { exponential(chance, self.every) } else { self.every }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "some milliseconds"
)]
fn exponential(chance: &mut SmallRng, mean: u64) -> u64 {
    let share: f64 = chance.random();
    (mean as f64 * -(1.0 - share).ln()) as u64
}
