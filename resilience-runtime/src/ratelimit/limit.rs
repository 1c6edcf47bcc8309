//! In: attempts that want to start. Out: when they may. The algorithm is governor's (GCRA: a leaky bucket that is
//! one number); what is ours is the clock, the turns of those who wait, and what a reload keeps.
//!
//! An attempt that has to wait gets its turn at once and is told when it is; it need not ask again. Were it to
//! ask again, all that wait would wake for the same turn, one would get it, and a newcomer could take it from
//! all of them. With turns given in advance the queue is the same one number, in the order of coming.
//!
//! A turn that is not used is lost, for instance when the call is dropped while it waits. To take it back would
//! let the next attempt start together with one whose turn was later, more than `burst` at once.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_utils::CachePadded;
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};

use super::backlog::{Ahead, Backlog, LONGEST};
use crate::clock::Tick;
use crate::policy::RateSettings;

/// Millionths of a token, times nanoseconds in a second.
pub(super) const UNIT: u64 = 1_000_000 * 1_000_000_000;

/// The rate limit of one service: in any time `t`, at most `burst + per_second · t` attempts start.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    /// When the next attempt would start if all were evenly spread. On a line of its own: every attempt writes it.
    arrival: CachePadded<AtomicU64>,
    /// While it is off: how far apart attempts were, in nanoseconds. What has been used is `arrival` in these.
    period: AtomicU64,
}

impl RateLimit {
    /// When the attempt may start: the time from now until its turn, zero for at once. The turn is its own.
    ///
    /// It waits for at most `max_wait` of the settings and no longer than `patience`, which is what its deadline
    /// leaves. If its turn would come later, it gets none, and `Err` says how long it is until one would come
    /// early enough, if nobody else came.
    #[inline]
    pub(crate) fn turn(
        &self,
        settings: &RateSettings,
        now: Tick,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let patience = patience.min(settings.max_wait).min(Duration::from_nanos(LONGEST));
        let backlog = Backlog { arrival: &self.arrival, now };
        // Made for each question and gone after it: three words on the stack, so a reload needs no swap.
        let limiter =
            RateLimiter::<_, _, _, NoOpMiddleware<Duration>>::new(quota(settings), backlog, Ahead::default());
        loop {
            let Err(until) = limiter.check() else {
                return Ok(limiter.clock().0.get());
            };
            let wait = until.wait_time_from(Duration::ZERO);
            if wait > patience {
                return Err(wait.saturating_sub(patience));
            }
            // Asked for its turn at that time. Another thread may have taken it since; then the next one.
            limiter.clock().0.set(wait);
        }
    }

    /// Whether a new one would let no more through.
    pub(crate) fn is_idle(&self, now: Tick) -> bool {
        self.arrival.load(Ordering::Relaxed) <= now.0
    }

    /// Becomes as new. Nobody uses it meanwhile.
    pub(crate) fn forget(&self) {
        self.arrival.store(0, Ordering::Relaxed);
        self.period.store(0, Ordering::Relaxed);
    }

    /// Carries over what has been used, when settings are swapped; `None` is a limit that is off.
    ///
    /// Attempts that were let through ahead of time count for as many under the new settings: a reload, or any
    /// number of them, sets nobody free. So a much smaller burst starts with a pause. Who waits keeps the turn
    /// it was given.
    pub(crate) fn reshape(&self, old: Option<&RateSettings>, new: Option<&RateSettings>, now: Tick) {
        let from = old.map_or_else(|| self.period.load(Ordering::Relaxed), period);
        let Some(to) = new.map(period) else {
            self.period.store(from, Ordering::Relaxed);
            return;
        };
        if from == 0 || from == to {
            return;
        }
        let _ = self.arrival.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |arrival| {
            let backlog = u128::from(arrival.saturating_sub(now.0));
            let scaled = (backlog * u128::from(to)).div_ceil(u128::from(from));
            let scaled = u64::try_from(scaled).unwrap_or(LONGEST).min(LONGEST);
            Some(now.0.saturating_add(scaled))
        });
    }
}

/// How far apart attempts are, in nanoseconds; rounded up, so that rounding never lets too many through. A
/// thousand million per second is as fast as it gets.
fn period(settings: &RateSettings) -> u64 {
    UNIT.div_ceil(settings.per_second.millionths().max(1))
}

fn quota(settings: &RateSettings) -> Quota {
    let period = period(settings);
    // A burst of which a lifetime would not see the end is as good as any larger one.
    let burst = u64::from(settings.burst).clamp(1, LONGEST / period);
    let burst = u32::try_from(burst).ok().and_then(NonZeroU32::new);
    Quota::with_period(Duration::from_nanos(period))
        .expect("rounded up, it is at least a nanosecond")
        .allow_burst(burst.unwrap_or(NonZeroU32::MIN))
}
