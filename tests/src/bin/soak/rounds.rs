//! Rounds. In: a number of calls. Out: that many calls, made by callers in tokio runtimes that come and go.
//!
//! One runtime with several workers, one on the current thread, or several of both at once: each round has another
//! arrangement with threads of its own; one arrangement has more threads than there are exclusive counters.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use resilience_runtime::start_load_shedding;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::chaos::{Fate, Stage, act, straggle};
use crate::dice::Dice;
use crate::foreign::hazards::{Hazard, is_armed};

/// Each number is a runtime with that many workers; 1 is one on the current thread.
const ARRANGEMENTS: [&[usize]; 6] = [&[4], &[1], &[2, 1], &[1, 1, 2], &[3], &[80]];

/// Enough that their sleeps of milliseconds leave two processors busy.
const CALLERS: u64 = 640;

/// One round in this many measures the load.
const SHEDS: usize = 8;

/// How many calls are left alone from the start of a round, and how many are left behind at its end.
const STRAGGLERS: u64 = 4;
const FOR_EVER: Duration = Duration::from_hours(1);

/// Makes the calls of one round, and returns when all runtimes are gone.
pub(crate) fn play(round: usize, stage: &Arc<Stage>) -> io::Result<()> {
    let arrangement = ARRANGEMENTS[round % ARRANGEMENTS.len()];
    let runtimes = arrangement.iter().map(|&workers| build(workers)).collect::<io::Result<Vec<_>>>()?;
    for runtime in &runtimes {
        stage.add_runtime(runtime.handle().clone());
    }
    // A runtime on the current thread runs only while somebody blocks on it, and other runtimes may have sent it a
    // future.
    let all_done = Arc::new(Barrier::new(runtimes.len()));
    let each = CALLERS / runtimes.len() as u64;
    let threads: Vec<_> = (0_u64..)
        .zip(runtimes)
        .map(|(number, runtime)| {
            // While load is shed, many calls end at once without doing anything.
            let sheds = is_armed(Hazard::Shedding) && round % SHEDS == 1;
            let (stage, all_done) = (Arc::clone(stage), Arc::clone(&all_done));
            let first = (round as u64 * 16 + number) * 1_024;
            thread::spawn(move || run(&runtime, &stage, &all_done, first, each, sheds))
        })
        .collect();
    for thread in threads {
        // The hook has recorded a panic there.
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

fn run(runtime: &Runtime, stage: &Arc<Stage>, all_done: &Barrier, first: u64, callers: u64, sheds: bool) {
    runtime.block_on(async {
        let _shedding = sheds.then(start_load_shedding);
        let (mut left, mut tasks) = (JoinSet::new(), JoinSet::new());
        if is_armed(Hazard::Stragglers) {
            for caller in first + callers..first + callers + STRAGGLERS {
                left.spawn(straggle(Arc::clone(stage), Dice::new(caller), Fate::Left(1, FOR_EVER)));
            }
        }
        for caller in first..first + callers {
            tasks.spawn(act(Arc::clone(stage), Dice::new(caller)));
        }
        while tasks.join_next().await.is_some() {}
        all_done.wait().await;
        if is_armed(Hazard::Stragglers) {
            for caller in first + callers + STRAGGLERS..first + callers + 2 * STRAGGLERS {
                left.spawn(straggle(Arc::clone(stage), Dice::new(caller), Fate::End));
            }
            sleep(Duration::from_millis(3)).await;
        }
        // Dropped together with the runtime, on purpose.
        left.detach_all();
    });
}
