//! The least that callers can share: one atomic addition. What it loses from one thread to two is what the machine
//! takes for any shared cache line, and what it gains when each task has its own is what two processors give at best.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::Case;
use crate::case::case;
use crate::ops::OpError;

pub(super) fn cases() -> Vec<Case> {
    vec![case!(
        "reference",
        "atomic addition",
        "one relaxed fetch_add on a cache line of its own",
        || Arc::new(CachePadded::new(AtomicU64::new(0))),
        |cell, value| async { Ok::<_, OpError>(cell.fetch_add(value, Ordering::Relaxed)) }
    )]
}
