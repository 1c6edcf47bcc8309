//! Fires timers that are due, on a thread of its own. In: the earliest deadline, and the entries. Out: wake-ups of the tasks whose
//! timers are due.
//!
//! It sleeps until the earliest deadline, then visits every entry in use. A visit takes a few nanoseconds, and is
//! needed only when some timer is due: nearly all timers are cancelled by then, and no one had to be told. An ordered
//! structure would have to be updated by every arming and cancelling.

use std::thread;
use std::time::Duration;

use super::next_look::NextLook;
use super::pool::Pool;
use super::rounds::Rounds;
use crate::clock::{Anchor, Clock, Tick};

/// The shortest pause between two looks, so that deadlines close to one another share one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
/// A pause lasts this many times as long as the look took: the sweep uses at most a tenth of a core.
const PAUSE_PER_LOOK: u32 = 10;
/// The longest time per entry that a look is believed to have taken; the true cost is a tenth of that. Anything beyond
/// means that the thread was off the processor, and timers should not wait for that twice.
const BELIEVED_PER_ENTRY: Duration = Duration::from_nanos(100);
/// While any timer is armed, the longest time between two looks: it drops the wakers of finished tasks, and notices
/// when the suspension of a machine has stopped one of two clocks.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// While nothing is armed, the time between two checks whether the clock has fallen back, which this registry's
/// breakers and windows rely on.
const REST: Duration = Duration::from_mins(1);

pub(super) struct Sweep {
    clock: &'static Clock,
    pool: &'static Pool,
    next_look: &'static NextLook,
    rounds: Rounds,
    last_look: Tick,
    /// The reference point for noticing that the clock has fallen back.
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

    /// Sleeps until a look is due.
    fn sleep(&mut self) {
        loop {
            let now = self.clock.look(&mut self.anchor);
            let rest = match self.next_look.get() {
                // Nothing is armed, and no waker is left in an entry.
                None => REST,
                // Capped: a clock that has fallen back would make this far too long.
                Some(at) => due(at, self.last_look).since(now).min(LONGEST_SLEEP),
            };
            if rest.is_zero() {
                return;
            }
            // Arming an earlier deadline unparks the thread, also when that happens just before it parks.
            thread::park_timeout(rest);
        }
    }

    /// Visits every entry in use, and returns how many there were. Timers that come due meanwhile are left to the next
    /// look.
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

/// When the sweep looks for a timer that is armed for `at`.
fn due(at: Tick, last_look: Tick) -> Tick {
    at.min(last_look.plus(LONGEST_SLEEP))
}

/// How long to pause after a look.
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
