//! What an operator does through the page: requests go in, breakers and settings change, for a time.

mod handlers;
mod laid;
mod lease;
mod leases;
mod patch;
mod request;

pub(super) use handlers::{act_on_breaker, end_override, override_settings};
pub(super) use leases::Leases;
pub(super) use request::{DEFAULT_LIFETIME, MOST_LIFETIME};
