//! Runs models under loom. In: a model, which is a short scene between two or three threads, of the code that ships.
//! Out: success in every interleaving within the bounds; or, for a version with a fault, an interleaving that shows the
//! fault.
//!
//! Environment variables deepen the search: `LOOM_MAX_PREEMPTIONS` is how often a thread may be interrupted although it
//! could continue (`3` unless a model says otherwise), and `LOOM_MAX_DURATION` ends each model after that many seconds.

use std::any::Any;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use loom::model::Builder;

use super::fault::Fault;

/// Nearly all known races need one or two preemptions. Each further one makes the search many times longer.
const PREEMPTIONS: usize = 3;
/// The longest scene that can be searched.
const STEPS: usize = 5_000;

/// Runs a model in every interleaving.
pub(crate) fn explore(model: impl Fn() + Send + Sync + 'static) {
    explore_within(PREEMPTIONS, model);
}

/// As [`explore`], with another bound, for a long scene.
#[expect(clippy::print_stdout, reason = "how much was searched, for who sets the bounds")]
pub(crate) fn explore_within(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound.get_or_insert(preemptions);
    if env::var_os("LOOM_MAX_BRANCHES").is_none() {
        builder.max_branches = STEPS;
    }
    let (orders, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let counted = Arc::clone(&orders);
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    println!("{} orders in {:?}", orders.load(Ordering::Relaxed), began.elapsed());
}

/// Runs a model of a faulty version: some interleaving must show the fault.
pub(crate) fn finds(faults: &[Fault], model: impl Fn() + Send + Sync + 'static) {
    let planted = Fault::plant(faults);
    let ended = catch_unwind(AssertUnwindSafe(|| explore(model)));
    drop(planted);
    match ended {
        Ok(()) => panic!("no order shows {faults:?}"),
        Err(payload) => {
            let message = message(&*payload);
            assert!(!message.contains("maximum number of branches"), "the model is too long: {message}");
        }
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(payload.downcast_ref().copied())
        .unwrap_or_default()
}
