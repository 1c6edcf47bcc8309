//! Decides whether the retry budget of a service pays for a retry, and takes what that costs. In: deposits of calls, and requests
//! for retries. Out: whether it pays, with a receipt.
//!
//! A deposit is an add in the current thread's own counter, which the caller holds. Converting deposits and time into
//! tokens and taking some is one step under a lock that only retries take; who only reads does not wait for it. If checking and taking were two steps,
//! several threads could spend the same last token.

use std::sync::TryLockError;

use resilience_settings::policy::{BucketSettings, BudgetSettings, Ratio, Tokens};

use super::adaptive::effective_ratio;
use super::bucket::Bucket;
use super::quota::Usage;
use crate::clock::Tick;
use crate::counting::shard::{Parts, Writer};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard, lock};

/// Counts the deposits of one thread.
#[derive(Debug, Default)]
pub(crate) struct Deposits(AtomicU64);

impl Deposits {
    /// Deposits for one call; the caller decides which calls deposit, by the setting `deposit`.
    #[inline]
    pub(crate) fn pay_in(&self, by: impl Writer) {
        by.add(&self.0, 1);
    }
}

/// The retry budget of one service, of any kind: settings are passed in with each use and may change at any time.
#[derive(Debug)]
pub(crate) struct Budget {
    ledger: Mutex<Ledger>,
    /// What was left when it was last read, as the bits of the number, for who reads it while others pay for long.
    last_read: AtomicU64,
}

/// Before the first reading.
const UNREAD: u64 = f64::NAN.to_bits();

/// How often a reader tries to have the ledger, which others have for some instructions.
const TRIES: u32 = 1_000;

#[derive(Debug)]
pub(super) struct Ledger {
    bucket: Bucket,
    usage: Usage,
    /// The latest time seen. Threads read the clock before they take the lock, so times may arrive out of order.
    now: Tick,
}

/// Proof that a retry was paid for. Keep it, or give it back if the retry never starts.
#[derive(Debug)]
#[must_use = "give the receipt back when the retry never starts"]
pub(crate) struct Receipt {
    cost: u64,
    at: Tick,
}

impl Receipt {
    /// When it was paid.
    #[inline]
    pub(crate) fn at(&self) -> Tick {
        self.at
    }
}

impl Budget {
    /// A full budget.
    pub(crate) fn new(now: Tick) -> Self {
        Self {
            ledger: Mutex::new(Ledger { bucket: Bucket::full(now), usage: Usage::none(), now }),
            last_read: AtomicU64::new(UNREAD),
        }
    }

    /// Resets the budget to a new, full one. Nobody uses it meanwhile.
    pub(crate) fn forget(&self, now: Tick) {
        *self.ledger() = Ledger { bucket: Bucket::full(now), usage: Usage::none(), now };
        self.last_read.store(UNREAD, Ordering::Relaxed);
    }

    /// Pays for a retry, if the budget allows it. `throttled` says whether the previous attempt was throttled;
    /// `success_rate` is the one of the service, if known, for the adaptive kind.
    ///
    /// Deposits are valued at the ratio in force when they are collected, that is at the next retry after them.
    pub(crate) fn withdraw(
        &self,
        all: &impl Parts<Deposits>,
        settings: &BudgetSettings,
        throttled: bool,
        now: Tick,
        success_rate: Option<f64>,
    ) -> Option<Receipt> {
        let mut ledger = self.ledger();
        ledger.advance(now);
        let at = ledger.now;
        let cost = match settings {
            BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => {
                let cost = if throttled { bucket.throttled_cost } else { bucket.cost }.millionths();
                ledger.bucket = ledger.collected(all, bucket, ratio(settings, bucket, success_rate));
                ledger.bucket.take(cost).then_some(cost)
            }
            BudgetSettings::SlidingWindow(quota) => (ledger.usage.sliding_room(quota) > 0).then_some(0),
            BudgetSettings::FixedWindow(quota) => (ledger.usage.fixed_room(quota) > 0).then_some(0),
            // There is no other kind; the settings are of another crate, for which there may be.
            _ => None,
        }?;
        ledger.usage.add();
        Some(Receipt { cost, at })
    }

    /// Takes back a retry that never started: its tokens return, up to the capacity, and windows that still count it
    /// drop it.
    pub(crate) fn give_back(&self, Receipt { cost, at }: Receipt, now: Tick) {
        let mut ledger = self.ledger();
        ledger.advance(now);
        ledger.bucket.put(cost);
        ledger.usage.remove(at);
    }

    /// What is left to spend: the tokens of a bucket, or the retries that still fit in a window. It waits for nobody: while the
    /// ledger is not to be had, it is what it was at the last reading.
    pub(crate) fn tokens(
        &self,
        all: &impl Parts<Deposits>,
        now: Tick,
        settings: &BudgetSettings,
        success_rate: Option<f64>,
    ) -> f64 {
        let Some(mut ledger) = self.ledger_at_hand() else {
            let last = f64::from_bits(self.last_read.load(Ordering::Relaxed));
            // The other of the two where this one is none.
            return last.min(settings.capacity());
        };
        ledger.advance(now);
        let left = match settings {
            BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => {
                // On a copy: reading must not collect the deposits, which would fix their value.
                let bucket = ledger.collected(all, bucket, ratio(settings, bucket, success_rate));
                Tokens::from_millionths(bucket.millionths()).get()
            }
            BudgetSettings::SlidingWindow(quota) => f64::from(ledger.usage.sliding_room(quota)),
            BudgetSettings::FixedWindow(quota) => f64::from(ledger.usage.fixed_room(quota)),
            _ => 0.0,
        };
        self.last_read.store(left.to_bits(), Ordering::Relaxed);
        left
    }

    /// Carries the state over when settings are swapped; `None` is a budget that is off.
    ///
    /// Deposits made under the old settings are valued at the old ratio. Tokens stay, up to the new capacity; a larger
    /// capacity adds none. All kinds count retries, so a window kind starts from the retries granted before; a bucket
    /// that is switched on again has kept filling meanwhile, and no retry was charged to it.
    pub(crate) fn reshape(
        &self,
        all: &impl Parts<Deposits>,
        old: Option<&BudgetSettings>,
        new: Option<&BudgetSettings>,
        now: Tick,
        success_rate: Option<f64>,
    ) {
        let mut ledger = self.ledger();
        ledger.advance(now);
        for settings in [old, new].into_iter().flatten() {
            if let BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) = settings {
                ledger.bucket = ledger.collected(all, bucket, ratio(settings, bucket, success_rate));
            }
        }
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // A panic elsewhere leaves the numbers consistent, so a poisoned lock is usable.
        lock(&self.ledger)
    }

    /// The same, unless somebody has it for longer than it takes to pay.
    fn ledger_at_hand(&self) -> Option<MutexGuard<'_, Ledger>> {
        for _ in 0..TRIES {
            match self.ledger.try_lock() {
                Ok(ledger) => return Some(ledger),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            }
        }
        None
    }
}

fn ratio(settings: &BudgetSettings, bucket: &BucketSettings, success_rate: Option<f64>) -> Ratio {
    match settings {
        BudgetSettings::Adaptive(_, threshold) => effective_ratio(bucket.ratio, *threshold, success_rate),
        _ => bucket.ratio,
    }
}

impl Ledger {
    fn collected(&self, all: &impl Parts<Deposits>, settings: &BucketSettings, ratio: Ratio) -> Bucket {
        // Every counter only grows, and the lock orders the readers, so this sum is never below an earlier one.
        let deposits =
            all.iter().fold(0, |sum: u64, part| sum.saturating_add(part.0.load(Ordering::Relaxed)));
        self.bucket.collected(settings, ratio, deposits, self.now)
    }

    fn advance(&mut self, now: Tick) {
        self.now = self.now.max(now);
        self.usage.advance(self.now);
    }
}
