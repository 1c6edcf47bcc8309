//! Findings go in, events come out.

use crate::config::Finding;
use crate::events::{Event, Rare, emit};
use crate::wakers::shielded;

/// Tells of what is worth knowing about the settings. Not to be called under a lock, nor within an initialiser: the
/// subscriber may use the registry. A panic of its is its own; what is left is announced all the same.
pub(super) fn announce(findings: &[Finding]) {
    for finding in findings {
        shielded(|| emit(&Event::Rare(Rare::Found { finding }), &()));
    }
}
