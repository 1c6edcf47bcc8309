//! One of the processes that share a store. In: its URL, and a number of operations. Out: a log of what was asked and
//! answered. Sixteen tasks do to it what calls do: claim, prolong while the body runs, store the result or give up; or they
//! make such calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_runtime::store::{Claim, Fingerprint, IdempotencyStore as _, Owner, RecordName, StoreError};
use tokio::time::{sleep, timeout};

use crate::caller;
use crate::dice::Dice;
use crate::faults;
use crate::log::Log;
use crate::logged::{Logged, number};
use crate::options::{Options, Through, Worker};

pub(crate) const LEASE: Duration = Duration::from_millis(600);
/// Short enough that keys run again and again.
pub(crate) const TTL: Duration = Duration::from_secs(3);
const TASKS: u64 = 16;
const KEYS: u64 = 2_000;

struct Task {
    store: Logged,
    left: Arc<AtomicU64>,
    dice: Dice,
}

/// One call.
#[derive(Clone, Copy)]
struct Call {
    record: RecordName,
    owner: Owner,
}

pub(crate) fn run(worker: &Worker, options: &Options) -> Result<(), String> {
    let log = Arc::new(Log::open(&worker.log).map_err(|error| error.to_string())?);
    let url = Some(worker.url.as_str()).filter(|_| !options.is_in_memory);
    let store = Logged::new(faults::store(url, options.plant)?.into(), log);
    let left = Arc::new(AtomicU64::new(options.operations));
    let through = options.through;
    // In one process the threads are what meets; in several, the processes are.
    let (tasks, runtime) = if options.is_in_memory {
        (4 * TASKS, tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build())
    } else {
        (TASKS, tokio::runtime::Builder::new_current_thread().enable_all().build())
    };
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let tasks = (0..tasks).map(|task| {
            let (store, left) = (store.clone(), Arc::clone(&left));
            let dice = Dice::new(options.seed, worker.number * TASKS + task + 1);
            tokio::spawn(Task { store, left, dice }.run(through))
        });
        futures::future::join_all(tasks)
            .await
            .into_iter()
            .collect::<Result<(), _>>()
            .map_err(|e| e.to_string())
    })
}

/// What is stored: a text that shows whose it is, and whether all of it has come back.
pub(crate) fn value(number: u64) -> String {
    let length = usize::try_from(number % 2_000).unwrap_or_default();
    format!("{number}{}", "x".repeat(length))
}

/// Low keys often, so that calls meet; high ones seldom, so that there are many.
pub(crate) fn key(dice: &mut Dice) -> u64 {
    dice.among(0..KEYS) * dice.among(0..KEYS) / KEYS
}

/// How long a body takes.
pub(crate) fn length(dice: &mut Dice) -> Duration {
    Duration::from_millis(match dice.among(0..100) {
        0..70 => dice.among(0..2),
        70..95 => dice.among(2..30),
        95..99 => dice.among(30..300),
        // Longer than a lease, which has to be prolonged.
        _ => dice.among(600..1_500),
    })
}

impl Task {
    async fn run(mut self, through: Through) {
        while self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
        {
            match through {
                Through::Store => self.operation().await,
                Through::Calls => caller::operation(&self.store, &mut self.dice).await,
            }
        }
    }

    async fn operation(&mut self) {
        let record = RecordName::new("", "history", "", &key(&mut self.dice).to_be_bytes());
        let call = Call { record, owner: Owner::random() };
        let mut claim = self.claim(call).await;
        // The answer may have been lost alone.
        for _ in 0..self.dice.among(0..3) {
            if claim.is_ok() {
                break;
            }
            sleep(self.millis(0..40)).await;
            claim = self.claim(call).await;
        }
        match claim {
            Ok(Claim::Granted(_)) => self.execute(call).await,
            Ok(Claim::Done { .. }) => {}
            Ok(_) => sleep(self.millis(0..10)).await,
            Err(_) => {
                self.release(call).await;
                sleep(self.millis(5..40)).await;
            }
        }
    }

    async fn execute(&mut self, call: Call) {
        let body = sleep(length(&mut self.dice));
        tokio::pin!(body);
        while timeout(LEASE / 3, &mut body).await.is_err() {
            self.renew(call).await;
        }
        match self.dice.among(0..100) {
            // The call is dropped: its lease runs out.
            0..2 => {}
            2..10 => self.release(call).await,
            _ => {
                self.complete(call).await;
                self.store.ended(call.record, number(call.owner), "ok");
            }
        }
    }

    /// What the caller gets is the result, whatever the store answers.
    async fn complete(&mut self, call: Call) {
        let value = value(number(call.owner));
        for _ in 0..20 {
            let completed =
                self.store.complete(call.record, call.owner, Fingerprint::NONE, TTL, Some(value.as_bytes()));
            if completed.await.is_ok() {
                break;
            }
            self.renew(call).await;
            sleep(self.millis(20..200)).await;
        }
    }

    async fn claim(&self, call: Call) -> Result<Claim, StoreError> {
        self.store.claim(call.record, call.owner, Fingerprint::NONE, LEASE).await
    }

    async fn renew(&self, call: Call) {
        let _ = self.store.renew(call.record, call.owner, LEASE).await;
    }

    async fn release(&self, call: Call) {
        let _ = self.store.release(call.record, call.owner).await;
    }

    fn millis(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.dice.among(range))
    }
}
