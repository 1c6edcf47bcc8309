//! Plays many runs of a simulation, on all processors. In: what each is for. Out: their results in the same order, whichever was
//! through first.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs all of them, as many at once as there are processors.
pub(in crate::testing::simulate) fn side_by_side<I: Sync, R: Send>(
    items: &[I],
    run: impl Fn(&I) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, run(item)));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_what_they_are_for() {
        let items: Vec<u64> = (0..100).collect();
        let doubled = side_by_side(&items, |item| {
            // The first take longest.
            let mut sum = 0_u64;
            for step in 0..(100 - item) * 1_000 {
                sum = sum.wrapping_add(step);
            }
            std::hint::black_box(sum);
            item * 2
        });
        assert_eq!(doubled, (0..100).map(|item| item * 2).collect::<Vec<u64>>());
        assert!(side_by_side(&[] as &[u64], |item| *item).is_empty());
    }
}
