//! Which alerts fire.

use crate::api::Api;
use crate::pages::SERVICE;

pub(crate) fn none(api: &Api) -> Result<(), String> {
    let firing = api.firing(SERVICE)?;
    if firing.is_empty() { Ok(()) } else { Err(format!("firing: {}", firing.join(", "))) }
}

/// Takes away those that fire: some stop soon, as latency does when it is usual. Good when none is left.
pub(crate) fn fired(api: &Api, missing: &mut Vec<String>) -> Result<(), String> {
    let firing = api.firing(SERVICE)?;
    missing.retain(|alert| !firing.contains(alert));
    if missing.is_empty() { Ok(()) } else { Err(format!("not yet: {}", missing.join(", "))) }
}

/// Whether the alert on an open breaker fires for a dependency of that service.
pub(crate) fn breaker(api: &Api, service: &str, dependency: &str) -> Result<bool, String> {
    let query = format!(
        "ALERTS{{alertname='ResilienceBreakerOpen',alertstate='firing',service='{service}',dependency='{dependency}'}}"
    );
    Ok(!api.query(&query)?.is_empty())
}
