//! Decides which registry is in force for a task: that of the program, or of a test. In: the running task. Out: the registry in
//! force here: the program's, or that of a test.

use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use super::registry::Registry;
#[cfg(not(feature = "testing"))]
use crate::clock::Clock;

static GLOBAL: LazyLock<Registry> = LazyLock::new(Registry::new);

/// The registry of the program, whatever the current future has been given.
pub(crate) fn global() -> &'static Registry {
    let registry: &'static Registry = &GLOBAL;
    // Not in the initialiser: a subscriber that asked for the registry would wait there for itself.
    if !registry.is_announced.load(Ordering::Relaxed) {
        registry.announce_at_first_use();
    }
    registry
}

/// The clock of that registry, which is made for it if need be, and not announced: who only reads the time has no use for
/// what subscribers do.
#[cfg(not(feature = "testing"))]
pub(crate) fn clock_of_program() -> &'static Clock {
    GLOBAL.clock()
}

/// The registry in force here: the program's, or under feature `testing` the one of the current isolated
/// future.
///
/// ```
/// assert!(resilience_runtime::registry().service("never_called").is_none());
/// ```
pub fn registry() -> &'static Registry {
    #[cfg(feature = "testing")]
    if let Some(registry) = super::isolated::isolated_registry() {
        return registry;
    }
    global()
}
