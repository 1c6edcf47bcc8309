//! A fallback alone: not needed, and needed by every call.

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::{always_fails, ready};
use crate::peers::{seatbelt, tower, tower_resilience};

const UNUSED: &str = "fallback, not needed";
const USED: &str = "fallback, answers";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(UNUSED, "ours", "a function; statistics", || (), |(), value| ours::fallback(value)),
        case!(
            UNUSED,
            "seatbelt",
            "a function; telemetry off",
            || seatbelt::fallback(ready),
            |service, value| { layered::Service::execute(&service, value) }
        ),
        case!(
            UNUSED,
            "tower-resilience",
            "a value",
            || tower_resilience::fallback(ready),
            |mut service, value| { tower::call(&mut service, value) }
        ),
        case!(USED, "ours", "a function; statistics", || (), |(), value| ours::fallback_used(value)),
        case!(
            USED,
            "seatbelt",
            "a function; telemetry off",
            || seatbelt::fallback(always_fails),
            |service, value| layered::Service::execute(&service, value)
        ),
        case!(
            USED,
            "tower-resilience",
            "a value",
            || tower_resilience::fallback(always_fails),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
