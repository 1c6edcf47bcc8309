//! Measures how fast simulations are. Out: calls per second of real time, with the engine and without it, in the same loop.

use std::fmt;
use std::time::{Duration, Instant};

use super::policy::Policy;
use super::scenarios::metastable_episode;
use super::world::{drive_bare, in_virtual_time};

/// What [`speed`] measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    calls: u64,
    engine: Duration,
    bare: Duration,
}

/// How often each is measured. On a machine that has other work, some turns are not interrupted.
const TURNS: u64 = 15;

/// Plays `metastable` with our defaults at a load of 0.8, and the same calls on tokio alone: a task for each, and a timeout
/// around its one attempt. Both on one thread, by turns, of which the fastest counts.
pub fn speed(seed: u64) -> Speed {
    let (unit, units) = (Duration::from_secs(1), 200);
    let (episode, policy) = (metastable_episode(unit, 0.8, units), Policy::defaults(unit));
    let mut fastest = Speed { calls: 0, engine: Duration::MAX, bare: Duration::MAX };
    for _ in 0..TURNS {
        let began = Instant::now();
        let timeline = episode.play(&policy, seed);
        fastest.engine = fastest.engine.min(began.elapsed());
        fastest.calls = timeline.sum(0, usize::MAX).offered;
        let began = Instant::now();
        in_virtual_time(seed, || async {
            let traffic = episode.traffic(seed);
            drive_bare(&traffic, episode.arrivals(seed), unit).await;
        });
        fastest.bare = fastest.bare.min(began.elapsed());
    }
    fastest
}

impl Speed {
    /// How many calls were made in each of the two ways, in all turns.
    pub fn calls(&self) -> u64 {
        self.calls * TURNS
    }

    /// Calls per second of real time.
    #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
    pub fn calls_per_second(&self) -> f64 {
        self.calls as f64 / self.engine.as_secs_f64()
    }

    /// The same on tokio alone.
    #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
    pub fn bare_calls_per_second(&self) -> f64 {
        self.calls as f64 / self.bare.as_secs_f64()
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (engine, bare) = (self.calls_per_second(), self.bare_calls_per_second());
        write!(
            f,
            "{engine:.0} calls per second of real time, {bare:.0} on tokio alone: {:.2} of it",
            engine / bare
        )
    }
}
