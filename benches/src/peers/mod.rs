//! The peers, configured as `setting` says. Each function takes the body, so that tests can prove with another body
//! that what is measured is alive.

pub mod breakers;
pub mod by_hand;
pub mod execution_policy;
pub mod seatbelt;
pub mod tower;
pub mod tower_resilience;
