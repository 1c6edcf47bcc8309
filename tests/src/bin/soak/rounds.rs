//! In: a number of calls. Out: that many, made by callers in tokio runtimes that come and go.
//!
//! One runtime with several workers, one on the current thread, and several of both at once: each round has another
//! arrangement, and threads of its own.

use std::io;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::chaos::{Stage, act, straggle};
use crate::dice::Dice;
use crate::hazards::{Hazard, is_armed};

/// Each number is a runtime with so many workers; 1 is one on the current thread.
const ARRANGEMENTS: [&[usize]; 5] = [&[4], &[1], &[2, 1], &[1, 1, 2], &[3]];

/// Enough that their sleeps of milliseconds leave two processors busy.
const CALLERS: u64 = 640;

/// Left behind by each runtime.
const STRAGGLERS: u64 = 6;

/// Makes the calls of one round, and returns when all runtimes are gone.
pub(crate) fn play(round: usize, stage: &Arc<Stage>) -> io::Result<()> {
    let arrangement = ARRANGEMENTS[round % ARRANGEMENTS.len()];
    let runtimes = arrangement.iter().map(|&workers| build(workers)).collect::<io::Result<Vec<_>>>()?;
    for runtime in &runtimes {
        stage.add_runtime(runtime.handle().clone());
    }
    // A runtime on the current thread runs only as long as somebody blocks on it, and others may have sent it a future.
    let all_done = Arc::new(Barrier::new(runtimes.len()));
    let each = CALLERS / runtimes.len() as u64;
    let threads: Vec<_> = (0_u64..)
        .zip(runtimes)
        .map(|(number, runtime)| {
            let (stage, all_done) = (Arc::clone(stage), Arc::clone(&all_done));
            let first = (round as u64 * 16 + number) * 1_024;
            thread::spawn(move || run(&runtime, &stage, &all_done, first, each))
        })
        .collect();
    for thread in threads {
        // A panic there is one that the hook has noted.
        let _ = thread.join();
    }
    Ok(())
}

fn build(workers: usize) -> io::Result<Runtime> {
    match workers {
        1 => Builder::new_current_thread().enable_all().build(),
        workers => Builder::new_multi_thread().worker_threads(workers).enable_all().build(),
    }
}

fn run(runtime: &Runtime, stage: &Arc<Stage>, all_done: &Barrier, first: u64, callers: u64) {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for caller in first..first + callers {
            tasks.spawn(act(Arc::clone(stage), Dice::new(caller)));
        }
        while tasks.join_next().await.is_some() {}
        all_done.wait().await;
        if is_armed(Hazard::Stragglers) {
            for caller in first + callers..first + callers + STRAGGLERS {
                tasks.spawn(straggle(Arc::clone(stage), Dice::new(caller)));
            }
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
            // Dropped with the runtime, which is the point.
            tasks.detach_all();
        }
    });
}
