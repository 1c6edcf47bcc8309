//! Words why a load test cannot begin. In: what is wrong with a schedule or a file, and its remedy. Out: one sentence.

use std::fmt;

/// The load was not generated, or an earlier run cannot be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    message: String,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Schedule,
    Threshold,
    Baseline,
    Clock,
}

impl LoadError {
    pub(super) fn schedule(message: impl Into<String>) -> Self {
        Self { message: message.into(), reason: Reason::Schedule }
    }

    pub(super) fn threshold(message: impl Into<String>) -> Self {
        Self { message: message.into(), reason: Reason::Threshold }
    }

    pub(super) fn baseline(message: impl Into<String>) -> Self {
        Self { message: message.into(), reason: Reason::Baseline }
    }

    pub(super) fn clock(message: impl Into<String>) -> Self {
        Self { message: message.into(), reason: Reason::Clock }
    }

    /// Whether the schedule cannot be kept: no calls, too many, or a text that is none.
    pub fn is_schedule(&self) -> bool {
        self.reason == Reason::Schedule
    }

    /// Whether a threshold cannot be understood.
    pub fn is_threshold(&self) -> bool {
        self.reason == Reason::Threshold
    }

    /// Whether the earlier run cannot be read, or cannot be compared with.
    pub fn is_baseline(&self) -> bool {
        self.reason == Reason::Baseline
    }

    /// Whether the clock was paused or moved by hand while calls were under way.
    pub fn is_clock(&self) -> bool {
        self.reason == Reason::Clock
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LoadError {}
