//! One of the processes that share a store. In: its URL, and a number of operations. Out: a log of what was asked and
//! answered. Sixteen tasks do to it what calls do: claim, prolong while the body runs, store the result or give up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, StoreError,
};
use tokio::time::{sleep, timeout};

use crate::clock::{micros, now};
use crate::dice::Dice;
use crate::faults;
use crate::log::Log;
use crate::options::{Options, Worker};

pub(crate) const LEASE: Duration = Duration::from_millis(600);
/// Short enough that keys run again and again.
pub(crate) const TTL: Duration = Duration::from_secs(3);
const TASKS: u64 = 16;
const KEYS: u64 = 2_000;

struct Task {
    store: Arc<dyn IdempotencyStore>,
    log: Arc<Log>,
    left: Arc<AtomicU64>,
    dice: Dice,
}

/// One call.
#[derive(Clone, Copy)]
struct Call {
    number: u64,
    key: u64,
    record: RecordName,
    owner: Owner,
}

pub(crate) fn run(worker: &Worker, options: &Options) -> Result<(), String> {
    let store: Arc<dyn IdempotencyStore> = faults::store(&worker.url, options.plant)?.into();
    let log = Arc::new(Log::open(&worker.log).map_err(|error| error.to_string())?);
    let left = Arc::new(AtomicU64::new(options.operations));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let tasks = (0..TASKS).map(|task| {
            let (store, log, left) = (Arc::clone(&store), Arc::clone(&log), Arc::clone(&left));
            let dice = Dice::new(options.seed, worker.number * TASKS + task + 1);
            tokio::spawn(Task { store, log, left, dice }.run())
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

impl Task {
    async fn run(mut self) {
        while self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
        {
            self.operation().await;
        }
    }

    async fn operation(&mut self) {
        // Low keys often, so that calls meet; high ones seldom, so that there are many.
        let key = self.dice.among(0..KEYS) * self.dice.among(0..KEYS) / KEYS;
        let owner = Owner::random();
        let (head, _) = owner.as_bytes().split_first_chunk().expect("sixteen bytes");
        let number = u64::from_be_bytes(*head);
        let record = RecordName::new("", "history", "", &key.to_be_bytes());
        let call = Call { number, key, record, owner };
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
        let length = match self.dice.among(0..100) {
            0..70 => self.millis(0..2),
            70..95 => self.millis(2..30),
            95..99 => self.millis(30..300),
            // Longer than a lease, which has to be prolonged.
            _ => self.millis(600..1_500),
        };
        let body = sleep(length);
        tokio::pin!(body);
        while timeout(LEASE / 3, &mut body).await.is_err() {
            self.renew(call).await;
        }
        match self.dice.among(0..100) {
            // The call is dropped: its lease runs out.
            0..2 => {}
            2..10 => self.release(call).await,
            _ => {
                let answer = self.complete(call).await;
                self.log.line(&format!("E {} {} 0 0 {answer}", call.number, call.key));
            }
        }
    }

    async fn claim(&self, call: Call) -> Result<Claim, StoreError> {
        let sent = now();
        let claim = self.store.claim(call.record, call.owner, Fingerprint::NONE, LEASE).await;
        let answer = match &claim {
            Ok(Claim::Granted(token)) => format!("granted {}", token.get()),
            Ok(Claim::Running { rest }) => format!("running {}", micros(*rest)),
            Ok(Claim::Done { value }) => {
                format!("done {}", String::from_utf8_lossy(value.as_deref().unwrap_or_default()))
            }
            Ok(Claim::Mismatch) => "mismatch".to_owned(),
            Err(error) => format!("away {}", error.name()),
        };
        self.answered("C", call, sent, &answer);
        claim
    }

    async fn renew(&self, call: Call) {
        let sent = now();
        let answer = match self.store.renew(call.record, call.owner, LEASE).await {
            Ok(Renewal::Extended) => "extended",
            Ok(Renewal::Gone) => "gone",
            Ok(Renewal::Lost) => "lost",
            Ok(Renewal::Done) => "done",
            Err(_) => "away",
        };
        self.answered("N", call, sent, answer);
    }

    /// What the caller gets, which has to be the result whatever the store answers.
    async fn complete(&mut self, call: Call) -> &'static str {
        let value = value(call.number);
        for _ in 0..20 {
            let sent = now();
            // Before it is sent: who is killed now may have stored it.
            self.answered("S", call, sent, "sent");
            let completed = self
                .store
                .complete(call.record, call.owner, Fingerprint::NONE, TTL, Some(value.as_bytes()))
                .await;
            let answer = match completed {
                Ok(Completion::Stored) => "stored",
                Ok(Completion::Kept) => "kept",
                Ok(Completion::Repeated) => "repeated",
                Ok(Completion::LostTo(_)) => "lost",
                Err(_) => "away",
            };
            self.answered("K", call, sent, answer);
            if answer != "away" {
                break;
            }
            self.renew(call).await;
            sleep(self.millis(20..200)).await;
        }
        "ok"
    }

    async fn release(&self, call: Call) {
        let sent = now();
        // Before it is sent, as with results.
        self.answered("F", call, sent, "sent");
        let answer = match self.store.release(call.record, call.owner).await {
            Ok(Release::Freed) => "freed",
            Ok(Release::NotHeld) => "not_held",
            Err(_) => "away",
        };
        self.answered("F", call, sent, answer);
    }

    fn answered(&self, what: &str, call: Call, sent: u64, answer: &str) {
        self.log.line(&format!("{what} {} {} {sent} {} {answer}", call.number, call.key, now()));
    }

    fn millis(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.dice.among(range))
    }
}
