//! Reads what a snapshot needs for all services once. In: a registry. Out: its settings in force, its stores in trouble, and the
//! breaker transitions of each service, read once and not per service.

use std::collections::HashMap;
use std::sync::Arc;

use crate::monitor::snapshot::BreakerChange;
use crate::registry::{Glance, Registry, StoreSet, StoreState};

/// How many transitions of a breaker are shown.
const SHOWN: usize = 32;

/// What a snapshot needs for each service and reads only once.
#[derive(Debug)]
pub(super) struct AskedOnce {
    /// The settings in force.
    pub(super) settings: Arc<Glance>,
    /// The stores of idempotency records that do not answer.
    pub(super) stores_away: StoreSet,
    /// Those that may lose records.
    pub(super) stores_that_lose: StoreSet,
    /// Whether results in memory had to make room before their time.
    pub(super) are_results_evicted: bool,
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
        let stores = registry.shared.stores();
        let stores_that = |are: &dyn Fn(&StoreState) -> bool| {
            StoreSet::of(stores.iter().filter(|store| are(store)).map(|store| store.alone))
        };
        Self {
            settings: registry.glance(),
            stores_away: stores_that(&|store| !store.is_up()),
            stores_that_lose: stores_that(&|store| !store.warnings().is_empty()),
            are_results_evicted: registry.shared.early_results() > 0,
            timelines,
        }
    }

    /// The last transitions of the breaker of a service, oldest first, as far as they are kept.
    pub(super) fn timeline(&self, service: &str) -> Vec<BreakerChange> {
        let kept = self.timelines.get(service).map_or(&[][..], Vec::as_slice);
        kept[kept.len().saturating_sub(SHOWN)..].to_vec()
    }
}
