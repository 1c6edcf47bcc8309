//! Which alerts fire.

use crate::api::Api;

pub(crate) fn none(api: &Api) -> Result<(), String> {
    let firing = api.firing()?;
    if firing.is_empty() { Ok(()) } else { Err(format!("firing: {}", firing.join(", "))) }
}

/// Takes away those that fire: some stop soon, as latency does when it is usual. Good when none is left.
pub(crate) fn fired(api: &Api, missing: &mut Vec<String>) -> Result<(), String> {
    let firing = api.firing()?;
    missing.retain(|alert| !firing.contains(alert));
    if missing.is_empty() { Ok(()) } else { Err(format!("not yet: {}", missing.join(", "))) }
}
