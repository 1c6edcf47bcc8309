//! Makes a task of each simulated call that arrives. In: when calls arrive, what each does. Out: what each came to, in the order in
//! which they end. Apart from [`Traffic`](super::Traffic), which counts what it makes by itself and pays less for each.

use std::future::Future;
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::clock::Clock;
use super::fuse::Fuse;
use super::load::Load;
use crate::testing::inherit;

/// How often it is looked whether the run is cut off, when nothing ends.
const LOOK: Duration = Duration::from_secs(1);

/// Makes them beside one another, and waits for all. Once the run is cut off, `task` is still asked for each that comes, to count
/// it, and none ends any more.
pub(in crate::testing::simulate) async fn task_of_each<T, F>(
    clock: Clock,
    load: Load,
    fuse: &Fuse,
    mut task: impl FnMut(f64) -> F,
    mut ended: impl FnMut(T),
) where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for arrival in load {
        if !fuse.is_blown() {
            clock.reach(arrival).await;
        }
        let task = inherit(task(arrival));
        if fuse.is_blown() {
            continue;
        }
        tasks.spawn(task);
        while let Some(end) = tasks.try_join_next() {
            ended(whole(end));
        }
    }
    while !fuse.is_blown() {
        match timeout(LOOK, tasks.join_next()).await {
            Ok(Some(end)) => ended(whole(end)),
            Ok(None) => break,
            Err(_) => {}
        }
    }
}

fn whole<T>(end: Result<T, JoinError>) -> T {
    // Nobody aborts one, so it has panicked.
    end.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}
