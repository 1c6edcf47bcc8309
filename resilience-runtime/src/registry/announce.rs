//! Emits one event for each finding about the settings. In: findings about the settings. Out: one event for each.

use resilience_settings::layers::Finding;

use crate::events::{Event, Rare, emit};
use crate::wakers::shielded;

/// Emits an event for each finding. Must not be called under a lock or within an initialiser: a subscriber may use the
/// registry. If a subscriber panics, the remaining findings are announced all the same.
pub(super) fn announce(findings: &[Finding]) {
    for finding in findings {
        shielded(|| emit(&Event::Rare(Rare::Found { finding }), &()));
    }
}
