//! Plays one run of a simulation in virtual time. In: a seed and what happens. Out: what came of it, in as much time as the
//! processor takes and no more.

use std::future::Future;
use std::panic::resume_unwind;
use std::thread;

use super::process::Process;

/// Runs it with a thread, a paused runtime and a registry of its own, so that it may be called from anywhere and no two runs
/// share a clock, a breaker or a source of chance.
pub(in crate::testing::simulate) fn in_virtual_time<F: Future>(
    seed: u64,
    run: impl FnOnce() -> F + Send,
) -> F::Output
where
    F::Output: Send,
{
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        // Without drivers for sockets, there is nothing that the system could refuse.
        let runtime = runtime.unwrap_or_else(|error| unreachable!("a runtime with timers alone: {error}"));
        // Made within the runtime, whose clock it goes by.
        runtime.block_on(async { Process::new(seed).inside(async { run().await }).await })
    };
    thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| resume_unwind(panic)))
}
