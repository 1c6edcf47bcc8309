//! The baseline: the same calls in a plain first-in, first-out queue, which ignores how much time they have left.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rand::rngs::SmallRng;

use super::scenario::{FIRST, Scenario};

/// The results of the calls.
#[derive(Debug, Default)]
pub(super) struct PlainFifo {
    /// In the order in which their bodies began.
    pub(super) began: Vec<usize>,
    pub(super) served: usize,
}

impl Scenario {
    /// Simulates the scenario with calls of one priority in a plain queue, without a lag.
    pub(super) fn simulate_plain_fifo(self) -> PlainFifo {
        let (mut arrivals, mut bodies): (SmallRng, SmallRng) = self.chances();
        let (mut plain, mut next) = (PlainFifo::default(), FIRST);
        // The waiters: number, time of arrival, and until when they wait.
        let mut queue: VecDeque<(usize, u64, u64)> = VecDeque::new();
        let mut running: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
        let mut came = 0;
        while came < self.calls || !running.is_empty() {
            let end = running.peek().map(|Reverse(end)| *end);
            let comes = came < self.calls && end.is_none_or(|end| next < end);
            let now = if comes { next } else { end.unwrap_or(next) };
            if comes {
                let _ = self.priority(&mut arrivals);
                queue.retain(|(.., until)| *until >= now);
                if queue.len() < self.max_queue as usize || running.len() < self.permits as usize {
                    queue.push_back((came, now, now.saturating_add(self.max_wait.min(self.deadline))));
                }
                came += 1;
                next = now + self.gap(&mut arrivals);
            } else {
                running.pop();
            }
            while running.len() < self.permits as usize
                && let Some((id, at, until)) = queue.pop_front()
            {
                if until < now || at + self.deadline <= now {
                    continue;
                }
                let end = now + self.body.draw(&mut bodies);
                plain.began.push(id);
                plain.served += usize::from(end < at + self.deadline);
                running.push(Reverse(end.min(at + self.deadline)));
            }
        }
        plain
    }
}
