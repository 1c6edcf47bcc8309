//! In: deposits of calls, wishes of retries. Out: whether a retry may run, and a receipt for it.
//!
//! A deposit is an add in the part of the own thread, which the caller keeps; turning deposits and time into tokens and taking some is
//! one step under a lock that only retries take. Checking and taking as two steps would let every thread pass
//! on the last token.

use std::sync::PoisonError;

use super::adaptive::effective_ratio;
use super::bucket::Bucket;
use super::quota::Usage;
use crate::clock::Tick;
use crate::policy::{BucketSettings, BudgetSettings, Ratio, Tokens};
use crate::shard::{Parts, Writer};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// How often the calls of one thread have paid in.
#[derive(Debug, Default)]
pub(crate) struct Deposits(AtomicU64);

impl Deposits {
    /// Pays in for one call; which calls pay is up to the caller, by `deposit` of the settings.
    #[inline]
    pub(crate) fn pay_in(&self, by: impl Writer) {
        by.add(&self.0, 1);
    }
}

/// The retry budget of one service, of any kind: settings come with each use and may change at any time.
#[derive(Debug)]
pub(crate) struct Budget {
    ledger: Mutex<Ledger>,
}

#[derive(Debug)]
struct Ledger {
    bucket: Bucket,
    usage: Usage,
    /// The latest time seen. Threads read the clock before they take the lock, so it could seem to run back.
    now: Tick,
}

/// Proof that a retry was paid for. Keep it, or give it back when the retry never starts.
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
    /// A budget that is full.
    pub(crate) fn new(now: Tick) -> Self {
        Self { ledger: Mutex::new(Ledger { bucket: Bucket::full(now), usage: Usage::none(), now }) }
    }

    /// Becomes as new, and full. Nobody uses it meanwhile.
    pub(crate) fn forget(&self, now: Tick) {
        *self.ledger() = Ledger { bucket: Bucket::full(now), usage: Usage::none(), now };
    }

    /// Pays for a retry, if the budget allows it. `throttled` when the attempt before was; `success_rate` is that
    /// of the service, if it is known, for the adaptive kind.
    ///
    /// Deposits are worth what the ratio says when they are collected, that is at the next retry after them.
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
        }?;
        ledger.usage.add();
        Some(Receipt { cost, at })
    }

    /// Takes back a retry that never started: its tokens return, as far as they fit, and the windows that still
    /// count it forget it.
    pub(crate) fn give_back(&self, Receipt { cost, at }: Receipt, now: Tick) {
        let mut ledger = self.ledger();
        ledger.advance(now);
        ledger.bucket.put(cost);
        ledger.usage.remove(at);
    }

    /// What is there to spend: tokens of a bucket, retries that still fit of a window.
    pub(crate) fn tokens(
        &self,
        all: &impl Parts<Deposits>,
        now: Tick,
        settings: &BudgetSettings,
        success_rate: Option<f64>,
    ) -> f64 {
        let mut ledger = self.ledger();
        ledger.advance(now);
        match settings {
            BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => {
                // On a copy: looking must not fix what uncollected deposits are worth.
                let bucket = ledger.collected(all, bucket, ratio(settings, bucket, success_rate));
                Tokens::from_millionths(bucket.millionths()).get()
            }
            BudgetSettings::SlidingWindow(quota) => f64::from(ledger.usage.sliding_room(quota)),
            BudgetSettings::FixedWindow(quota) => f64::from(ledger.usage.fixed_room(quota)),
        }
    }

    /// Carries the state over, when settings are swapped; `None` is a budget that is off.
    ///
    /// What came in under the old settings is worth what they said. Tokens stay, up to the new capacity; a
    /// larger one brings none. Retries are counted by every kind, so a window kind starts from what was granted
    /// before it; a bucket that comes back has gone on filling, and nothing was taken from it meanwhile.
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

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // A panic elsewhere leaves the numbers whole, so a poisoned lock is as good as any.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
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
        // Every part only grows, and the lock orders the readers, so this sum never falls behind an earlier one.
        let deposits =
            all.iter().fold(0, |sum: u64, part| sum.saturating_add(part.0.load(Ordering::Relaxed)));
        self.bucket.collected(settings, ratio, deposits, self.now)
    }

    fn advance(&mut self, now: Tick) {
        self.now = self.now.max(now);
        self.usage.advance(self.now);
    }
}
