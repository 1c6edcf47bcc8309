//! Plain data: a point of the curve of the last two minutes, as a snapshot shows it.

/// What happened in 2 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SparkPoint {
    /// Calls that ended.
    pub calls: u32,
    /// Those of them that left their caller without a good answer: failures, rejections, panics.
    pub bad: u32,
}
