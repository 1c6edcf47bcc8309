//! How far a call is that has a course.

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Progress {
    /// Inside another call of the same service: it has no state of its own.
    PassThrough,
    /// No body is being polled.
    Between,
    /// A body is being polled. In `drop`, that means that it panicked.
    InBody,
    /// It is counted, and holds nothing.
    Ended,
}
