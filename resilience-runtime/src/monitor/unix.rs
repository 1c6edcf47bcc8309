//! Tells a moment in Unix time. In: a moment of the system clock. Out: its number of milliseconds.

use std::time::SystemTime;

/// A moment in milliseconds of Unix time.
pub(crate) fn unix_millis(at: SystemTime) -> u64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
