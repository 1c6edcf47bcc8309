//! Memory check. In: rounds. Out: whether the memory of the process stays constant after the warm-up.
//!
//! Everything that is kept for ever (services, policies, partitions, per-thread parts, caches) exists after the first
//! rounds, which have all scenes, settings and runtimes. From then on the resident set may grow by [`BOUND`], which
//! covers what the allocator keeps for threads that have ended, and the largest number of calls under way at once. With
//! the ten million calls of a full soak, a leak of 4 bytes per call is found.

use crate::checks::findings::{ALL, hold};

/// In KiB.
const BOUND: u64 = 32 * 1024;

/// Each of them has another arrangement of runtimes and other settings.
const WARM_UP: u32 = 12;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    rounds: u32,
    warm: u64,
    pub(crate) now: u64,
}

impl Memory {
    /// Measures at the end of a round.
    pub(crate) fn look(&mut self) {
        // Without that file nothing is checked.
        self.now = resident().unwrap_or(0);
        self.rounds += 1;
        if self.rounds <= WARM_UP {
            self.warm = self.warm.max(self.now);
            return;
        }
        let (now, warm) = (self.now, self.warm);
        hold(now <= warm + BOUND, ALL, "memory is flat", || {
            format!("{now} KiB resident, {warm} KiB after the warm-up of {WARM_UP} rounds")
        });
    }
}

/// The resident set in KiB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
