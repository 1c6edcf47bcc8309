//! Decides when a throttled service rejects an attempt. In: outcomes of requests. Out: whether to send the next one. Adaptive
//! throttling as in "Site Reliability Engineering" (O'Reilly 2016), chapter 21, "Handling Overload":
//!
//! ```text
//! p = max(0, (requests − k · accepts) / (requests + 1))
//! ```
//!
//! A request that is rejected here counts as a request, as in the book. So the load that is sent settles at `k` times
//! what the service accepts, whatever the demand, and the part that the service has to reject at `k − 1` times. The
//! `+ 1` in the denominator lets a request through now and then even when nothing is accepted, which is how a recovery
//! is noticed.
//!
//! Requests count when they end. The book counts them when they are sent; then a burst of slow requests would look like
//! rejected ones, and be throttled before the first answer.

use std::sync::OnceLock;

use resilience_settings::policy::ThrottleSettings;

use super::reading::Reading;
use crate::clock::Tick;
use crate::counting::shard::{Parts, Sharded, Slot};
use crate::counting::slice_window::SliceWindow;
use crate::counting::slices::Slices;
use crate::counting::tally::Tally;
use crate::counting::window_key::WindowKey;

/// The kinds of event in the window.
const ACCEPTED: usize = 0;
const NOT_ACCEPTED: usize = 1;

/// The counts have no generations: they end only with time.
fn key(settings: &ThrottleSettings) -> WindowKey {
    WindowKey { generation: 0, slices: Slices::of(settings.window) }
}

/// The throttle of one service.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    window: SliceWindow<2>,
    /// Allocated on first use: few services have a throttle.
    parts: OnceLock<Box<Sharded<ThreadShard>>>,
}

/// What the throttle keeps per thread.
#[derive(Debug, Default)]
struct ThreadShard {
    requests: Tally<2>,
    reading: Reading,
}

impl Parts<Tally<2>> for Sharded<ThreadShard> {
    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a Tally<2>>
    where
        Tally<2>: 'a,
    {
        self.iter().map(|part| &part.requests)
    }
}

impl Throttle {
    /// Whether to reject a request instead of sending it; `draw` is a random number in `[0, 1)`. A rejection is counted
    /// here.
    #[inline]
    #[must_use]
    pub(crate) fn reject(&self, settings: &ThrottleSettings, now: Tick, draw: f64, slot: Slot) -> bool {
        let rejected = self.would_reject(settings, now, draw, slot);
        if rejected {
            self.record(settings, false, now, slot);
        }
        rejected
    }

    /// The same, where nothing comes of it and nothing is counted.
    #[inline]
    #[must_use]
    pub(crate) fn would_reject(&self, settings: &ThrottleSettings, now: Tick, draw: f64, slot: Slot) -> bool {
        let reading = &self.part(slot).reading;
        let probability = reading.current(now, slot).unwrap_or_else(|| {
            let counts = self.counts(settings, now);
            let probability = probability(settings, counts);
            reading.renew(probability, counts.requests, settings.window, now, slot);
            probability
        });
        draw < probability
    }

    /// Counts a request that was sent. `accepted` is false if it was throttled, timed out, or failed in a transient
    /// way, as an overloaded service fails; any other error is an answer. A request that was dropped before its end
    /// should not be counted.
    #[inline]
    pub(crate) fn record(&self, settings: &ThrottleSettings, accepted: bool, now: Tick, slot: Slot) {
        let sort = if accepted { ACCEPTED } else { NOT_ACCEPTED };
        let own = &self.part(slot).requests;
        self.window.record(own, sort, key(settings), now, slot);
    }

    /// The share of requests that are rejected now.
    pub(crate) fn probability(&self, settings: &ThrottleSettings, now: Tick) -> f64 {
        probability(settings, self.counts(settings, now))
    }

    /// Clears all counts. Nobody uses it meanwhile.
    pub(crate) fn forget(&self) {
        self.window.forget();
        if let Some(parts) = self.parts.get() {
            parts.iter().for_each(|part| part.reading.expire());
        }
    }

    /// Carries the counts over when settings are swapped. While switched off, the throttle keeps its counts for as long
    /// as the same window would have; switched on with another window, it starts from zero.
    pub(crate) fn reshape(&self, old: Option<&ThrottleSettings>, new: Option<&ThrottleSettings>, now: Tick) {
        if let (Some(old), Some(new), Some(parts)) = (old, new, self.parts.get()) {
            self.window.reshape(&**parts, key(old), key(new).slices, now);
        }
    }

    #[inline]
    fn part(&self, slot: Slot) -> &ThreadShard {
        self.parts.get_or_init(Box::default).part(slot)
    }

    fn counts(&self, settings: &ThrottleSettings, now: Tick) -> Counts {
        let counts =
            self.parts.get().map_or([0; 2], |parts| self.window.counts(&**parts, key(settings), now));
        Counts { requests: counts[ACCEPTED].saturating_add(counts[NOT_ACCEPTED]), accepts: counts[ACCEPTED] }
    }
}

/// The counts in the window.
#[derive(Clone, Copy, Debug)]
struct Counts {
    requests: u64,
    accepts: u64,
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn probability(settings: &ThrottleSettings, Counts { requests, accepts }: Counts) -> f64 {
    let (requests, accepts) = (requests as f64, accepts as f64);
    ((requests - settings.k.get() * accepts) / (requests + 1.0)).max(0.0)
}
