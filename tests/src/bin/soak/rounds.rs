//! In: a number of calls. Out: that many, made by callers in tokio runtimes that come and go.
//!
//! One runtime with several workers, one on the current thread, and several of both at once: each round has another
//! arrangement, and threads of its own; in one of them more threads than have counters of their own.

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
use crate::hazards::{Hazard, is_armed};

/// Each number is a runtime with so many workers; 1 is one on the current thread.
const ARRANGEMENTS: [&[usize]; 6] = [&[4], &[1], &[2, 1], &[1, 1, 2], &[3], &[80]];

/// Enough that their sleeps of milliseconds leave two processors busy.
const CALLERS: u64 = 640;

/// One round of so many has the load measured.
const SHEDS: usize = 8;

/// Left alone from the start of a round, and as many left behind at its end.
const STRAGGLERS: u64 = 4;
const FOR_EVER: Duration = Duration::from_hours(1);

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
            // While it sheds, many calls are over at once and do nothing else.
            let sheds = is_armed(Hazard::Shedding) && round % SHEDS == 1;
            let (stage, all_done) = (Arc::clone(stage), Arc::clone(&all_done));
            let first = (round as u64 * 16 + number) * 1_024;
            thread::spawn(move || run(&runtime, &stage, &all_done, first, each, sheds))
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
        // Dropped with the runtime, which is the point.
        left.detach_all();
    });
}
