//! The list of scenarios: a new one is a file beside this one, and a row here.

use super::{
    capture, collapse, fair, half_open, hedging, herd, jitter, layers, metastable, recovery, retries,
};
use crate::testing::simulate::simulation::Scenario;

/// In the order in which they are best read.
pub(in crate::testing::simulate) const SCENARIOS: &[Scenario] = &[
    jitter::SCENARIO,
    retries::SCENARIO,
    layers::SCENARIO,
    metastable::SCENARIO,
    recovery::SCENARIO,
    collapse::SCENARIO,
    herd::SCENARIO,
    half_open::SCENARIO,
    hedging::SCENARIO,
    capture::SCENARIO,
    fair::SCENARIO,
];
