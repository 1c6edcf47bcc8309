//! The thread that fires timers: it sleeps until the earliest deadline, then visits every entry in use.
//!
//! A plain look at all of them takes a few nanoseconds each and is needed only when one is due: nearly all are
//! cancelled by then, unnoticed. An ordered structure would have to be told of every arming and cancelling.

use std::thread;
use std::time::Duration;

use super::next_look::NextLook;
use super::pool::Pool;
use super::rounds::Rounds;
use crate::clock::{Anchor, Clock, Tick};

/// Between two looks, so that deadlines that are close to one another share one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
/// Pauses are this many times what the look took: it never takes more than a tenth of a core.
const PAUSE_PER_LOOK: u32 = 10;
/// What a look may have taken at most, for each entry; it takes a tenth of that. The rest is not the
/// sweep's doing: the thread was off the processor, and timers should not wait for that twice.
const BELIEVED_PER_ENTRY: Duration = Duration::from_nanos(100);
/// While anything is armed it looks this often at least, to drop the wakers of tasks that are finished; and a
/// machine that was suspended may have stopped one of two clocks.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// While nothing is armed it only looks whether the clock has fallen back, for the breaks and windows of this registry.
const REST: Duration = Duration::from_mins(1);

pub(super) struct Sweep {
    clock: &'static Clock,
    pool: &'static Pool,
    next_look: &'static NextLook,
    rounds: Rounds,
    last_look: Tick,
    /// When it last saw to the clock.
    anchor: Anchor,
}

impl Sweep {
    pub(super) fn new(clock: &'static Clock, pool: &'static Pool, next_look: &'static NextLook) -> Self {
        let (last_look, anchor) = (clock.now(), clock.anchor());
        Self { clock, pool, next_look, rounds: Rounds::default(), last_look, anchor }
    }

    pub(super) fn run(mut self) {
        loop {
            self.sleep();
            let began = self.clock.now();
            let visited = self.look(began);
            self.last_look = self.clock.now();
            thread::sleep(pause(self.last_look.since(began), visited));
        }
    }

    /// Until a deadline has come.
    fn sleep(&mut self) {
        loop {
            let now = self.clock.look(&mut self.anchor);
            let rest = match self.next_look.get() {
                // Nothing is armed, and no waker is left.
                None => REST,
                // Not for as long as a clock that has fallen back would take.
                Some(at) => due(at, self.last_look).since(now).min(LONGEST_SLEEP),
            };
            if rest.is_zero() {
                return;
            }
            // Who arms an earlier one ends this, also from before it began.
            thread::park_timeout(rest);
        }
    }

    /// Visits every entry in use, and says how many. Those that come due meanwhile are for the next look.
    pub(super) fn look(&mut self, now: Tick) -> usize {
        self.next_look.begin();
        self.rounds.learn(self.pool);
        let visited = self.rounds.len();
        if let Some(earliest) = self.rounds.visit(now) {
            self.next_look.lower(earliest);
        }
        visited
    }
}

/// When to look, if a timer is armed for then.
fn due(at: Tick, last_look: Tick) -> Tick {
    at.min(last_look.plus(LONGEST_SLEEP))
}

/// How long to leave the entries alone after a look.
fn pause(took: Duration, visited: usize) -> Duration {
    let entries = u32::try_from(visited).unwrap_or(u32::MAX);
    let believed = took.min(BELIEVED_PER_ENTRY.saturating_mul(entries));
    believed.saturating_mul(PAUSE_PER_LOOK).max(SHORTEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_takes_a_tenth_of_the_time_at_most_and_is_not_believed_to_have_been_slow() {
        let (ms, us) = (Duration::from_millis, Duration::from_micros);
        for (took, entries, paused) in [
            (us(2), 32, ms(1)),
            (us(100), 32_000, ms(1)),
            (us(300), 32_000, ms(3)),
            (ms(3), 32_000, ms(30)),
            (ms(300), 32_000, ms(32)),
            (ms(300), 32, ms(1)),
            (ms(300), 0, ms(1)),
            (Duration::MAX, usize::MAX, us(100) * PAUSE_PER_LOOK / 1000 * u32::MAX),
        ] {
            assert_eq!(pause(took, entries), paused, "{took:?}, {entries} entries");
        }
    }

    #[test]
    fn while_a_timer_is_armed_the_sweep_looks_every_ten_seconds() {
        let last = Tick(7);
        let soon = last.plus(Duration::from_secs(3));
        assert_eq!(due(soon, last), soon);
        assert_eq!(due(last.plus(Duration::from_hours(1)), last), last.plus(Duration::from_secs(10)));
        assert_eq!(due(Tick(0), last), Tick(0));
    }
}
