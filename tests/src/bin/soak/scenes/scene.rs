//! A scene: a class of calls. In: random decisions. Out: the next call, and what is checked of its services.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::checks::ledger::{Counted, Ledger};
use crate::dice::Dice;
use crate::plan::{Plan, Temper};

/// A class of calls.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    /// How many calls it gets, relative to the others.
    pub(crate) weight: usize,
    /// Its services, that of `ask` first.
    pub(crate) ledgers: &'static [&'static Ledger],
    pub(crate) temper: Temper,
    /// Makes a call.
    pub(crate) ask: fn(Plan) -> Counted,
    /// What is checked between the rounds, beyond the counts.
    pub(crate) probes: &'static [Probe],
    pub(crate) weather: Weather,
}

/// A check of a service that is made by calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// The breaker lets trials in, and closes.
    Breaker,
    /// Every slot can be taken.
    Permits,
    /// If no call is ahead of it, a call gets the next turn of the rate limit.
    Turns,
    /// An attempt that hangs is ended in time.
    Timeout,
    /// Each key is answered.
    Keys,
    /// Every permit of every partition can be had.
    Partitions,
    /// Trials that are left alone keep no call out.
    LeftTrials,
    /// A granted slot that is left alone is offered to the next call.
    LeftPermit,
    /// The lead of a flight that is left alone passes to another call.
    LeftFlight,
}

/// So few slots that futures which are not polled for a whole round would hold all of them.
const NARROW: &[&str] = &["queues", "adaptive", "overload"];

impl Scene {
    /// Whether there is room for other calls beside futures that are not polled.
    pub(crate) fn has_room(&self) -> bool {
        !NARROW.contains(&self.name)
    }

    /// What the body of the next call does.
    pub(crate) fn plan(&self, dice: &mut Dice) -> Plan {
        let is_bad = self.weather.is_bad(dice);
        Plan::new(dice, &self.temper, is_bad)
    }
}

/// Whether the dependency is in trouble, as seen by all calls of a scene; this opens breakers.
#[derive(Debug)]
pub(crate) struct Weather(AtomicBool);

impl Weather {
    pub(crate) const fn fair() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Good for some hundreds of calls, then bad for some tens.
    fn is_bad(&self, dice: &mut Dice) -> bool {
        let is_bad = self.0.load(Ordering::Relaxed);
        let turns = dice.share(if is_bad { 0.02 } else { 0.003 });
        if turns {
            self.0.store(!is_bad, Ordering::Relaxed);
        }
        is_bad != turns
    }
}
