//! Findings go in, warnings of the log come out.

use crate::config::Finding;
use crate::wakers::shielded;

/// Logs what is worth knowing about the settings. Not to be called under a lock, nor within an initialiser: the
/// subscriber may use the registry. A panic of its is its own; what is left is announced all the same.
pub(super) fn announce(findings: &[Finding]) {
    for finding in findings {
        shielded(|| tracing::warn!(target: "resilience::config", "{finding}"));
    }
}
