//! Shares the adaptive limit among threads; `gradient` decides it. In: samples from many threads. Out: the limit, in one load. A
//! thread that finds another one in the rule drops its sample instead of waiting: under contention there are samples enough. Only a
//! refusal ("drop") of the service is never left out.

use std::sync::TryLockError;
use std::time::Duration;

use resilience_settings::policy::BulkheadSettings;

use super::gradient::{Gradient, Sample};
use crate::clock::Tick;
use crate::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use crate::sync::{Mutex, lock};

/// An adaptive limit. Its state stays while it is switched off, and its floor ages meanwhile.
#[derive(Debug, Default)]
pub(in crate::bulkhead) struct Adaptive {
    /// 0 before the first sample.
    limit: AtomicU32,
    /// A drop that no window has counted yet.
    dropped: AtomicBool,
    gradient: Mutex<Gradient>,
}

impl Adaptive {
    pub(in crate::bulkhead) fn observe(
        &self,
        latency: Duration,
        ok: bool,
        in_flight: u32,
        now: Tick,
        settings: &BulkheadSettings,
    ) {
        if !ok {
            self.dropped.store(true, Ordering::Relaxed);
        }
        self.change(settings, |gradient| {
            let dropped = self.dropped.load(Ordering::Relaxed) && self.dropped.swap(false, Ordering::Relaxed);
            gradient.observe(Sample { latency, dropped, in_flight }, now, settings);
        });
    }

    /// Resets to the state of a new limit.
    pub(in crate::bulkhead) fn forget(&self) {
        self.limit.store(0, Ordering::Relaxed);
        self.dropped.store(false, Ordering::Relaxed);
        *lock(&self.gradient) = Gradient::default();
    }

    /// Ends a probe that has lasted too long. Called when an attempt finds no permit: perhaps just because of the
    /// probe no attempt ends, and so none is observed.
    pub(in crate::bulkhead) fn expire(&self, now: Tick, settings: &BulkheadSettings) {
        self.change(settings, |gradient| gradient.expire(now));
    }

    fn change(&self, settings: &BulkheadSettings, change: impl FnOnce(&mut Gradient)) {
        let mut gradient = match self.gradient.try_lock() {
            Ok(gradient) => gradient,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        change(&mut gradient);
        let limit = gradient.limit(settings);
        if self.limit.load(Ordering::Relaxed) != limit {
            self.limit.store(limit, Ordering::Relaxed);
        }
    }

    #[inline]
    pub(in crate::bulkhead) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        let most = settings.max_concurrent.max(1);
        match self.limit.load(Ordering::Relaxed) {
            0 => Gradient::default().limit(settings),
            limit => limit.clamp(settings.min_concurrent.clamp(1, most), most),
        }
    }
}
