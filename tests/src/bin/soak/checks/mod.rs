//! What is checked while calls are made, and what is kept to explain a finding.

pub(crate) mod findings;
pub(crate) mod journal;
pub(crate) mod ledger;
pub(crate) mod memory;
pub(crate) mod real_clock;
pub(crate) mod watchdog;
