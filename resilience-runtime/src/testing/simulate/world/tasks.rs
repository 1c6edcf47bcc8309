//! A task of each arrival. In: when calls arrive, what each does. Out: what each came to, in the order in which they end. Apart
//! from [`Traffic`](super::Traffic), which counts what it makes by itself and pays less for each.

use std::future::Future;
use std::panic::resume_unwind;

use tokio::task::{JoinError, JoinSet};

use super::clock::Clock;
use super::load::Load;
use crate::testing::inherit;

/// Makes them beside one another, and waits for all.
pub(in crate::testing::simulate) async fn task_of_each<T, F>(
    clock: Clock,
    load: Load,
    mut task: impl FnMut(f64) -> F,
    mut ended: impl FnMut(T),
) where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for arrival in load {
        clock.reach(arrival).await;
        tasks.spawn(inherit(task(arrival)));
        while let Some(end) = tasks.try_join_next() {
            ended(whole(end));
        }
    }
    while let Some(end) = tasks.join_next().await {
        ended(whole(end));
    }
}

fn whole<T>(end: Result<T, JoinError>) -> T {
    // Nobody aborts one, so it has panicked.
    end.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}
