//! Data: stretches of time in which the rate changes linearly, from which the starts of a load test are computed.

/// How starts are spread within the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing::load) enum Spacing {
    /// As evenly as the rate allows.
    Even,
    /// As independent users come: the waits between them are exponential.
    Poisson,
}

/// A stretch of time in which the rate changes linearly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::testing::load) struct Piece {
    /// Seconds.
    pub(in crate::testing::load) lasts: f64,
    /// Calls per second at its begin and at its end.
    pub(in crate::testing::load) rates: [f64; 2],
}
