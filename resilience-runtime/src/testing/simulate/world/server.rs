//! Simulates a server that queues. In: the moment a request comes. Out: the moment its answer would come.
//!
//! First come first served by some workers, and a request whose caller has gone away is served like any other: that is what
//! makes overload last. So the answer's moment is known when a request comes, and the queue needs no events of its own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::clock::{nanos, seconds};
use super::random::Random;

/// How long a request takes once a worker has it, in seconds.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing::simulate) enum Service {
    /// Each the same.
    Fixed(f64),
    /// Exponential with this mean.
    Exponential(f64),
}

/// A time in which the server is not itself; from when until when in seconds.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing::simulate) enum Condition {
    /// Requests that are begun take this long.
    Takes(f64, f64, f64),
    /// Requests that come are refused at once.
    Down(f64, f64),
}

impl Condition {
    /// Told in units of so many seconds, the same in seconds.
    pub(in crate::testing::simulate) fn in_seconds(self, unit: f64) -> Self {
        match self {
            Self::Takes(from, to, time) => Self::Takes(from * unit, to * unit, time * unit),
            Self::Down(from, to) => Self::Down(from * unit, to * unit),
        }
    }
}

/// Workers behind one queue without end.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Server {
    /// When each worker is free, in nanoseconds.
    free: BinaryHeap<Reverse<u64>>,
    service: Service,
    conditions: Vec<Condition>,
    random: Random,
}

impl Server {
    pub(in crate::testing::simulate) fn new(
        workers: usize,
        service: Service,
        conditions: &[Condition],
        random: Random,
    ) -> Self {
        let free = (0..workers).map(|_| Reverse(0)).collect();
        Self { free, service, conditions: conditions.to_vec(), random }
    }

    /// When the answer to a request comes that comes now; `None` if it is refused.
    pub(in crate::testing::simulate) fn enter(&mut self, now: u64) -> Option<u64> {
        let at = seconds(now);
        let is_down = |condition: &Condition| matches!(condition, Condition::Down(from, to) if (*from..*to).contains(&at));
        if self.conditions.iter().any(is_down) {
            return None;
        }
        let Reverse(free) = self.free.pop()?;
        let start = free.max(now);
        let finish = start + nanos(self.takes(seconds(start)));
        self.free.push(Reverse(finish));
        Some(finish)
    }

    fn takes(&mut self, start: f64) -> f64 {
        let special = self.conditions.iter().find_map(|condition| match condition {
            Condition::Takes(from, to, time) if (*from..*to).contains(&start) => Some(*time),
            _ => None,
        });
        match (special, self.service) {
            (Some(time), _) | (None, Service::Fixed(time)) => time,
            (None, Service::Exponential(mean)) => self.random.exponential(mean),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn server(workers: usize, conditions: &[Condition]) -> Server {
        Server::new(workers, Service::Fixed(0.01), conditions, Random::new(1, 1))
    }

    #[test]
    fn who_comes_later_is_served_later() {
        let mut one = server(1, &[]);
        assert_eq!([0, 0, 5 * MS, 100 * MS].map(|at| one.enter(at).unwrap_or(0) / MS), [10, 20, 30, 110]);
        let mut two = server(2, &[]);
        assert_eq!([0, 0, 0].map(|at| two.enter(at).unwrap_or(0) / MS), [10, 10, 20]);
    }

    #[test]
    fn what_is_begun_while_it_is_slow_takes_longer_and_what_comes_while_it_is_down_is_refused() {
        let mut slow = server(1, &[Condition::Takes(0.005, 0.1, 0.5), Condition::Down(1.0, 2.0)]);
        assert_eq!([0, 0, 0].map(|at| slow.enter(at).unwrap_or(0) / MS), [10, 510, 520]);
        assert_eq!(slow.enter(1_500 * MS), None);
        assert_eq!(slow.enter(2_000 * MS), Some(2_010 * MS));
    }

    #[test]
    fn an_exponential_server_has_the_delay_of_the_closed_form() {
        // M/M/1 at half its capacity: twice the service time.
        let mut server = Server::new(1, Service::Exponential(0.01), &[], Random::new(2, 2));
        let mut arrivals = Random::new(2, 1);
        let (mut now, mut sum) = (0.0, 0.0);
        for _ in 0..200_000 {
            now += arrivals.exponential(0.02);
            sum += seconds(server.enter(nanos(now)).unwrap_or(0)) - now;
        }
        let mean = sum / 200_000.0;
        assert!((mean - 0.02).abs() < 0.001, "{mean}");
    }
}
