//! What a program says once: how its errors are made for rules that can only name them, and what is armed.

use crate::chaos::{Maker, RuleStatus};
use crate::registry::registry;

/// Says how the errors of that name are made, for [`registered_error`](super::RuleBuilder::registered_error). A later one of
/// the same name takes its place.
pub fn register<E: 'static>(name: &str, make: impl Fn() -> E + Send + Sync + 'static) {
    registry().shared.chaos.register(name, Maker::new(make));
}

/// The rules that are armed in the registry in force, in the order in which attempts are asked about them.
pub fn rules() -> Vec<RuleStatus> {
    registry().armed_chaos()
}
