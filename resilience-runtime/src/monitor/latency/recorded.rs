//! Keeps how far the times of calls are recorded by who exports them one by one: with the registry, as a call must not be recorded
//! twice by an exporter that is started again, nor left out.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::monitor::snapshot::BUCKET_ENDS_NANOS;
use crate::sync::lock;

/// One more than there are ends, for what takes longer than the last.
pub(crate) const BUCKETS: usize = BUCKET_ENDS_NANOS.len() + 1;

/// How far the times of one service are recorded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UpTo {
    /// The calls of each bucket.
    pub(crate) counts: [u64; BUCKETS],
    /// The sum of their times in nanoseconds.
    pub(crate) nanos: u64,
    /// What is still to be added to the sum, in seconds, or to be left out of it.
    pub(crate) rest: f64,
}

/// The same for each service.
pub(crate) type Recorded = HashMap<&'static str, UpTo>;

/// What was recorded by the last who did, once nobody does.
#[derive(Debug, Default)]
pub(crate) struct LastRecorded(Mutex<Recorded>);

impl LastRecorded {
    /// For whoever goes on recording. A second who records at the same time does so elsewhere, and starts from nothing.
    pub(crate) fn take(&self) -> Recorded {
        std::mem::take(&mut *lock(&self.0))
    }

    /// For the next.
    pub(crate) fn leave(&self, recorded: Recorded) {
        let before = std::mem::replace(&mut *lock(&self.0), recorded);
        drop(before);
    }
}
