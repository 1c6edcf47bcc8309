//! Says once for a program that rules from outside may act in it, how errors are made for those, which can only name them, and what
//! is armed.

use crate::chaos::{self, Maker, RuleStatus};
use crate::registry::registry;

/// Lets the rules of configuration files, and those that operators arm over HTTP, act in this process. Without it they are left
/// out or refused, and a finding says so: a fault in production must not be one line in a file away.
///
/// The rules of a file that the registry in force has loaded already act from now on.
pub fn allow() {
    chaos::allow();
    #[cfg(feature = "config")]
    registry().follow_chaos_of_file();
}

/// Whether [`allow`] was called.
pub fn is_allowed() -> bool {
    chaos::is_allowed()
}

/// Says how the errors of that name are made, for rules that can only name them: those of files and operators, and
/// [`registered_error`](super::RuleBuilder::registered_error). A later one of the same name takes its place.
pub fn register<E: 'static>(name: &str, make: impl Fn() -> E + Send + Sync + 'static) {
    registry().shared.chaos.register(name, Maker::new(make));
}

/// The rules that are armed in the registry in force, in the order in which attempts are asked about them.
pub fn rules() -> Vec<RuleStatus> {
    registry().armed_chaos()
}
