//! The row of a service. In: its snapshot. Out: the part that the dashboard shows in its table, such that it does not
//! change while nothing happens: a row that differs is sent to everybody.

use crate::monitor::snapshot::{Counts, ServiceSnapshot, Window};

const SECOND: u64 = 1_000_000;

/// A window is complete after five minutes; its further growth is no news.
const COMPLETE: u64 = 300 * SECOND;

/// The row of a service, without what only its own page shows, and without what changes by itself.
pub(super) fn row(mut service: ServiceSnapshot) -> ServiceSnapshot {
    service.sites.clear();
    service.error_patterns.clear();
    service.sample = None;
    (service.rejections, service.unretried, service.idempotency) = Default::default();
    service.partitions.shown.clear();
    service.breaker.timeline.clear();
    service.breaker.time_in_state_us = Counts::default();
    service.breaker.retry_after_us = service.breaker.retry_after_us.map(seconds_up);
    if let Some(windows) = &mut service.windows {
        windows.since_us = seconds(windows.since_us.min(COMPLETE));
        for window in [&mut windows.ten_seconds, &mut windows.one_minute, &mut windows.five_minutes] {
            let Window { length_us, .. } = window;
            *length_us = seconds(*length_us);
        }
    }
    service
}

fn seconds(micros: u64) -> u64 {
    (micros.saturating_add(SECOND / 2) / SECOND).saturating_mul(SECOND)
}

fn seconds_up(micros: u64) -> u64 {
    micros.div_ceil(SECOND).saturating_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::snapshot::example;

    #[test]
    fn a_row_stays_the_same_while_only_time_passes() {
        for before in example().services {
            let mut after = before.clone();
            after.breaker.time_in_state_us = [("closed", 5), ("open", 7)].into_iter().collect();
            if let Some(windows) = &mut after.windows {
                windows.since_us += COMPLETE;
                windows.ten_seconds.length_us += 1_000;
            }
            let mut old = before.clone();
            if let Some(windows) = &mut old.windows {
                windows.since_us = windows.since_us.max(COMPLETE);
            }
            assert_eq!(row(old), row(after));
        }
        let mut called = example().services.remove(1);
        let before = row(called.clone());
        called.calls.success += 1;
        assert_ne!(row(called), before);
    }
}
