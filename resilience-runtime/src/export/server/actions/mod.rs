//! Operator actions. In: requests. Out: breakers and settings that are changed for a limited time.

mod chaos;
mod handlers;
#[cfg(feature = "testing")]
mod injected;
mod lease;
mod leases;
mod overlay;
mod patch;
mod request;
mod told;

pub(super) use chaos::{arm_chaos, disarm_chaos, list_chaos};
pub(super) use handlers::{act_on_breaker, end_override, override_settings};
pub(super) use leases::Leases;
pub(super) use request::{DEFAULT_LIFETIME, MOST_LIFETIME};
