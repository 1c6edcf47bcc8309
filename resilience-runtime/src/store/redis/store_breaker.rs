//! Decides whether a Redis server that did not answer is asked at all, whether or not there is a connection. In: whether the last
//! commands were answered, and the time. Out: whether a command may be sent.
//!
//! Not the breaker of services: a store that is away must be noticed within three commands at any rate of calls, must be
//! asked again within seconds, and has no settings.

use std::time::{Duration, Instant};

/// Failures in a row after which nothing is sent for a while.
const FAILURES: u32 = 3;
const FIRST_BREAK: Duration = Duration::from_secs(1);
const LONGEST_BREAK: Duration = Duration::from_secs(5);
/// After which a trial no longer keeps others from trying: longer than any operation, so only one that was lost takes it.
const LONGEST_TRIAL: Duration = Duration::from_secs(3);

/// Whether commands are sent.
#[derive(Debug, Default)]
pub(super) struct StoreBreaker {
    /// In a row, while commands are sent.
    failures: u32,
    rest: Option<Rest>,
    /// Changes with each break and each end of one: what was admitted before says nothing about what is now.
    generation: u64,
}

/// A break, in which nothing is sent.
#[derive(Debug)]
struct Rest {
    until: Instant,
    length: Duration,
    /// When a command was let through to see whether the store is back.
    tried: Option<Instant>,
}

/// A command that may be sent. To be settled.
#[derive(Debug)]
#[must_use]
pub(super) struct Admitted {
    generation: u64,
    is_trial: bool,
}

/// What has changed with a settled command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    /// Nothing is sent from now on.
    Opened,
    /// The store is back.
    Closed,
}

impl StoreBreaker {
    /// Admits a command.
    ///
    /// # Errors
    ///
    /// The rest of the break; zero while the command that tries the store is on its way.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Admitted, Duration> {
        let generation = self.generation;
        let Some(rest) = &mut self.rest else { return Ok(Admitted { generation, is_trial: false }) };
        let left = rest.until.saturating_duration_since(now);
        let is_tried = rest.tried.is_some_and(|at| now.saturating_duration_since(at) < LONGEST_TRIAL);
        if !left.is_zero() || is_tried {
            return Err(left);
        }
        rest.tried = Some(now);
        Ok(Admitted { generation, is_trial: true })
    }

    /// Takes the result of a command. `spread` in `0.0..1.0` shortens a break by up to a fifth, so that the instances of a
    /// program do not come back all at once.
    pub(super) fn settle(
        &mut self,
        admitted: &Admitted,
        is_answered: bool,
        spread: f64,
        now: Instant,
    ) -> Change {
        if admitted.generation != self.generation {
            return Change::Nothing;
        }
        if is_answered {
            self.failures = 0;
            if !admitted.is_trial {
                return Change::Nothing;
            }
            self.rest = None;
            self.generation += 1;
            return Change::Closed;
        }
        self.failures = self.failures.saturating_add(1);
        let length = match &self.rest {
            Some(rest) => (rest.length * 2).min(LONGEST_BREAK),
            None if self.failures >= FAILURES => FIRST_BREAK,
            None => return Change::Nothing,
        };
        let is_open = self.rest.is_some();
        self.rest = Some(Rest { until: now + length.mul_f64(1.0 - spread / 5.0), length, tried: None });
        self.generation += 1;
        if is_open { Change::Nothing } else { Change::Opened }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rig {
        breaker: StoreBreaker,
        now: Instant,
    }

    impl Rig {
        fn new() -> Self {
            Self { breaker: StoreBreaker::default(), now: Instant::now() }
        }

        fn fail(&mut self) -> Change {
            let admitted = self.breaker.admit(self.now).expect("admitted");
            self.breaker.settle(&admitted, false, 0.0, self.now)
        }

        fn answer(&mut self) -> Change {
            let admitted = self.breaker.admit(self.now).expect("admitted");
            self.breaker.settle(&admitted, true, 0.0, self.now)
        }

        fn rest(&mut self) -> Option<Duration> {
            self.breaker.admit(self.now).err()
        }
    }

    #[test]
    fn three_failures_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let mut rig = Rig::new();
        for _ in 0..3 {
            assert_eq!((rig.fail(), rig.fail()), (Change::Nothing, Change::Nothing));
            assert_eq!(rig.answer(), Change::Nothing);
        }
        assert_eq!((rig.fail(), rig.fail(), rig.fail()), (Change::Nothing, Change::Nothing, Change::Opened));
        assert_eq!(rig.rest(), Some(FIRST_BREAK));
    }

    #[test]
    fn after_the_break_one_command_tries_and_breaks_double_up_to_five_seconds() {
        let mut rig = Rig::new();
        for _ in 0..3 {
            let _ = rig.fail();
        }
        for seconds in [1, 2, 4, 5, 5] {
            assert_eq!(rig.rest(), Some(Duration::from_secs(seconds)));
            rig.now += Duration::from_secs(seconds);
            let trial = rig.breaker.admit(rig.now).expect("the trial");
            assert_eq!(rig.rest(), Some(Duration::ZERO), "one at a time");
            assert_eq!(rig.breaker.settle(&trial, false, 0.0, rig.now), Change::Nothing);
        }
        rig.now += LONGEST_BREAK;
        assert_eq!(rig.answer(), Change::Closed);
        assert_eq!((rig.fail(), rig.fail(), rig.fail()), (Change::Nothing, Change::Nothing, Change::Opened));
        assert_eq!(rig.rest(), Some(FIRST_BREAK), "the next break is a first one");
    }

    #[test]
    fn a_trial_that_is_lost_does_not_keep_the_gate_shut_for_ever() {
        let mut rig = Rig::new();
        for _ in 0..3 {
            let _ = rig.fail();
        }
        rig.now += FIRST_BREAK;
        let _lost = rig.breaker.admit(rig.now).expect("the trial");
        assert_eq!(rig.rest(), Some(Duration::ZERO));
        rig.now += LONGEST_TRIAL;
        assert_eq!(rig.answer(), Change::Closed);
    }

    #[test]
    fn what_was_sent_before_a_break_neither_ends_nor_prolongs_it() {
        let mut rig = Rig::new();
        let (late_answer, late_failure) =
            (rig.breaker.admit(rig.now).unwrap(), rig.breaker.admit(rig.now).unwrap());
        for _ in 0..3 {
            let _ = rig.fail();
        }
        assert_eq!(rig.breaker.settle(&late_answer, true, 0.0, rig.now), Change::Nothing);
        assert_eq!(rig.breaker.settle(&late_failure, false, 0.0, rig.now), Change::Nothing);
        assert_eq!(rig.rest(), Some(FIRST_BREAK));
    }

    #[test]
    fn breaks_are_spread_downwards_so_that_none_is_longer_than_five_seconds() {
        let mut rig = Rig::new();
        for _ in 0..3 {
            let admitted = rig.breaker.admit(rig.now).unwrap();
            let _ = rig.breaker.settle(&admitted, false, 0.5, rig.now);
        }
        assert_eq!(rig.rest(), Some(Duration::from_millis(900)));
    }
}
