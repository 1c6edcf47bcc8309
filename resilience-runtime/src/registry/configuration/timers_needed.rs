//! Panics early where a function runs outside of a runtime with timers. In: a function at its first call. Out: a panic with a clear
//! message, if no timer could be armed for it later.
//!
//! Asked at the first call of each site: a timer is armed when a body has to wait, so without this a program would panic
//! on the day that a service is slow.

use std::any::Any;
use std::fmt::Display;
use std::panic::{catch_unwind, resume_unwind};
use std::time::Duration;

use resilience_settings::layers::site_facts::SiteFacts;

/// Panics where the site could not arm a timer.
pub(in crate::registry) fn require_timers_of(facts: &SiteFacts) {
    let krate = facts.module.split("::").next().unwrap_or_default();
    require_timers(&format_args!("`{}` of crate `{krate}`", facts.function));
}

/// The same for calls that no attribute wrote.
pub(in crate::registry) fn require_timers(who: &dyn Display) {
    assert!(
        tokio::runtime::Handle::try_current().is_ok(),
        "{who} was called outside a tokio runtime: resilience-runtime needs one with time enabled, such as `#[tokio::main]` \
         makes",
    );
    // There is no way to ask a runtime whether it has timers but to make one.
    if let Err(panic) = catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))) {
        let Some(said) = text(&*panic) else { resume_unwind(panic) };
        panic!(
            "{who} was called in a tokio runtime without timers, and resilience-runtime needs them: build it with \
             `enable_time()` or `enable_all()` (tokio says: {said})"
        );
    }
}

fn text(panic: &(dyn Any + Send)) -> Option<&str> {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&'static str>().copied())
}
