//! Plans. In: random decisions and the temper of a scene. Out: what the body of one call does in each of its attempts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience_runtime::{Classify, Priority, Rejection};

use crate::dice::Dice;
use crate::foreign::hazards::{Hazard, strike};
use crate::waits::{Gate, hang, nap, yield_often};

/// Every ending of a call except an answer.
#[derive(Clone, Debug, thiserror::Error, Classify)]
pub(crate) enum Fault {
    #[error("down")]
    #[retry]
    Down,
    #[error("refused")]
    #[retry(not_sent)]
    Refused,
    #[error("busy")]
    #[throttled(after = wait)]
    Busy { wait: Option<Duration> },
    #[error("wrong")]
    #[never]
    Wrong,
    #[error("ours")]
    #[local]
    Ours,
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// How long an attempt waits.
#[derive(Clone, Copy, Debug)]
enum Wait {
    None,
    Yields(u32),
    Millis(u64),
    Forever,
}

/// What it ends with.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Answer,
    Down,
    Refused,
    Busy,
    Wrong,
    Ours,
    Panic,
}

/// What one attempt does.
#[derive(Clone, Copy, Debug)]
struct Step {
    wait: Wait,
    outcome: Outcome,
}

/// The usual behaviour of a scene's bodies; all numbers are probabilities.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Temper {
    /// The probability of an error, in good times and in bad ones.
    pub(crate) fails: [f64; 2],
    /// The probability of a wait of 1 to 3 ms.
    pub(crate) naps: f64,
    /// The probability of an attempt that never ends by itself.
    pub(crate) hangs: f64,
    /// How many keys there are; 0 means one for each call.
    pub(crate) keys: u64,
}

impl Temper {
    pub(crate) const USUAL: Self = Self { fails: [0.03, 0.7], naps: 0.1, hangs: 0.0, keys: 0 };
}

/// What the dependency does with one call.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The answer, which is also the key for partitions and caches.
    pub(crate) key: u64,
    pub(crate) priority: Priority,
    steps: [Step; 4],
    next: AtomicUsize,
    /// Where all attempts wait for one another.
    gate: Option<Arc<Gate>>,
}

impl Plan {
    pub(crate) fn new(dice: &mut Dice, temper: &Temper, is_bad: bool) -> Self {
        const PRIORITIES: [Priority; 4] =
            [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];
        Self {
            key: if temper.keys == 0 { dice.number() } else { dice.below(temper.keys) },
            priority: dice.pick(&PRIORITIES),
            steps: std::array::from_fn(|_| Step::new(dice, temper, is_bad)),
            next: AtomicUsize::new(0),
            gate: None,
        }
    }

    /// Answers at once.
    pub(crate) fn steady(key: u64) -> Self {
        let step = Step { wait: Wait::None, outcome: Outcome::Answer };
        Self { key, priority: Priority::Normal, steps: [step; 4], next: AtomicUsize::new(0), gate: None }
    }

    /// Fails at once.
    pub(crate) fn failing(key: u64) -> Self {
        let step = Step { wait: Wait::None, outcome: Outcome::Down };
        Self { steps: [step; 4], ..Self::steady(key) }
    }

    /// Never ends.
    pub(crate) fn hanging(key: u64) -> Self {
        let step = Step { wait: Wait::Forever, outcome: Outcome::Answer };
        Self { steps: [step; 4], ..Self::steady(key) }
    }

    /// Answers when as many calls are at the gate as it waits for.
    pub(crate) fn through(key: u64, gate: Arc<Gate>) -> Self {
        Self { gate: Some(gate), ..Self::steady(key) }
    }

    /// The rest of the plan, for an inner call.
    pub(crate) fn rest(&self) -> Self {
        let mut steps = self.steps;
        steps.rotate_left(self.next.load(Ordering::Relaxed) % self.steps.len());
        Self { steps, gate: self.gate.clone(), ..Self::steady(self.key) }
    }

    /// How long the dependency asks to wait.
    fn hint(&self) -> Option<Duration> {
        let millis = self.key % 4;
        (millis > 0).then(|| Duration::from_millis(millis))
    }

    /// One attempt.
    pub(crate) async fn run(&self) -> Result<u64, Fault> {
        let _fragile = Fragile;
        let step = self.steps[self.next.fetch_add(1, Ordering::Relaxed).min(self.steps.len() - 1)];
        if let Some(gate) = &self.gate {
            gate.pass().await;
        }
        match step.wait {
            Wait::None => {}
            Wait::Yields(times) => yield_often(times).await,
            Wait::Millis(millis) => nap(millis).await,
            Wait::Forever => hang().await,
        }
        match step.outcome {
            Outcome::Answer => Ok(self.key),
            Outcome::Down => Err(Fault::Down),
            Outcome::Refused => Err(Fault::Refused),
            Outcome::Busy => Err(Fault::Busy { wait: self.hint() }),
            Outcome::Wrong => Err(Fault::Wrong),
            Outcome::Ours => Err(Fault::Ours),
            Outcome::Panic => {
                strike(Hazard::Bodies, 1.0);
                Err(Fault::Down)
            }
        }
    }
}

/// A value in the body that may panic when it is dropped: at the body's end, at a timeout, or with the call.
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        strike(Hazard::Bodies, 0.0005);
    }
}

impl Step {
    fn new(dice: &mut Dice, temper: &Temper, is_bad: bool) -> Self {
        let wait = if dice.share(temper.hangs) {
            Wait::Forever
        } else if dice.share(temper.naps) {
            Wait::Millis(1 + dice.below(3))
        } else if dice.share(0.3) {
            Wait::Yields(1 + u32::from(dice.share(0.3)))
        } else {
            Wait::None
        };
        let fails = temper.fails[usize::from(is_bad)];
        let outcome = if dice.share(0.001) {
            Outcome::Panic
        } else if dice.share(fails) {
            match dice.below(16) {
                0 => Outcome::Refused,
                1 | 2 => Outcome::Busy,
                3 => Outcome::Wrong,
                4 => Outcome::Ours,
                _ => Outcome::Down,
            }
        } else {
            Outcome::Answer
        };
        Self { wait, outcome }
    }
}
