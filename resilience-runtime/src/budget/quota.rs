//! Computes how many more retries a budget of the window kinds has room for: per second, minute and hour. In: the retries granted,
//! by any kind of budget. Out: how many more fit.
//!
//! It keeps counting while the budget is a token bucket, so that a reload that changes the kind starts from the retries
//! of the last minute and hour.

use resilience_settings::policy::QuotaSettings;

use super::sliding::Sliding;
use crate::clock::Tick;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// The retries of the last second, minute and hour, and of the current fixed minute and hour.
#[derive(Debug)]
pub(super) struct Usage {
    second: Sliding<11>,
    minute: Sliding<61>,
    hour: Sliding<61>,
    /// When the fixed windows began: at first use.
    began: Option<Tick>,
    fixed_minute: Fixed,
    fixed_hour: Fixed,
}

/// The count of one fixed window.
#[derive(Debug, Default)]
struct Fixed {
    number: u64,
    count: u32,
}

impl Usage {
    pub(super) const fn none() -> Self {
        Self {
            second: Sliding::of_slices(SECOND / 10),
            minute: Sliding::of_slices(SECOND),
            hour: Sliding::of_slices(MINUTE),
            began: None,
            fixed_minute: Fixed { number: 0, count: 0 },
            fixed_hour: Fixed { number: 0, count: 0 },
        }
    }

    pub(super) fn advance(&mut self, now: Tick) {
        self.second.advance(now);
        self.minute.advance(now);
        self.hour.advance(now);
        let since = now.0.saturating_sub(self.began.get_or_insert(now).0);
        self.fixed_minute.advance(since / MINUTE);
        self.fixed_hour.advance(since / HOUR);
    }

    /// How many more retries fit into the sliding minute and hour, and into the sliding second.
    pub(super) fn sliding_room(&self, settings: &QuotaSettings) -> u32 {
        room(settings, self.second.total(), self.minute.total(), self.hour.total())
    }

    /// How many more retries fit into the fixed minute and hour, and into the sliding second.
    pub(super) fn fixed_room(&self, settings: &QuotaSettings) -> u32 {
        room(settings, self.second.total(), self.fixed_minute.count, self.fixed_hour.count)
    }

    pub(super) fn add(&mut self) {
        self.second.add();
        self.minute.add();
        self.hour.add();
        self.fixed_minute.count = self.fixed_minute.count.saturating_add(1);
        self.fixed_hour.count = self.fixed_hour.count.saturating_add(1);
    }

    /// Takes back a retry granted at that time from the windows that still count it.
    pub(super) fn remove(&mut self, at: Tick) {
        self.second.remove(at);
        self.minute.remove(at);
        self.hour.remove(at);
        let since = at.0.saturating_sub(self.began.unwrap_or(at).0);
        self.fixed_minute.remove(since / MINUTE);
        self.fixed_hour.remove(since / HOUR);
    }
}

fn room(settings: &QuotaSettings, second: u32, minute: u32, hour: u32) -> u32 {
    let second = settings.burst_capacity.saturating_sub(second);
    let minute = settings.max_retries_per_minute.saturating_sub(minute);
    let hour = settings.max_retries_per_hour.saturating_sub(hour);
    second.min(minute).min(hour)
}

impl Fixed {
    fn advance(&mut self, number: u64) {
        if number > self.number {
            *self = Self { number, count: 0 };
        }
    }

    fn remove(&mut self, number: u64) {
        if number == self.number {
            self.count = self.count.saturating_sub(1);
        }
    }
}
