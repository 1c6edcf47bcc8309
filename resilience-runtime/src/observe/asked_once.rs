//! A registry goes in; what all of its services are asked with comes out, so that it is asked for once and not for each.

use std::collections::HashMap;

use crate::monitor::snapshot::BreakerChange;
use crate::registry::Registry;

/// So many transitions of a breaker are shown.
const SHOWN: usize = 32;

/// What holds for all services of a registry.
#[derive(Debug)]
pub(super) struct AskedOnce {
    /// Whether the last configuration was refused.
    pub(super) is_reload_refused: bool,
    timelines: HashMap<&'static str, Vec<BreakerChange>>,
}

impl AskedOnce {
    pub(super) fn of(registry: &Registry) -> Self {
        let mut timelines: HashMap<_, Vec<_>> = HashMap::new();
        for event in registry.shared.history.after(0).events {
            let (Some(service), Some(from), Some(to)) = (event.service, event.from, event.to) else {
                continue;
            };
            if event.kind == "breaker" {
                timelines.entry(service).or_default().push(BreakerChange { at_ms: event.at_ms, from, to });
            }
        }
        Self { is_reload_refused: registry.reloads().is_last_refused, timelines }
    }

    /// The last transitions of the breaker of a service, oldest first, as far as they are kept.
    pub(super) fn timeline(&self, service: &str) -> Vec<BreakerChange> {
        let kept = self.timelines.get(service).map_or(&[][..], Vec::as_slice);
        kept[kept.len().saturating_sub(SHOWN)..].to_vec()
    }
}
