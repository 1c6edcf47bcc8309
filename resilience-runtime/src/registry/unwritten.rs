//! Call sites that no attribute wrote: those of `resilient_call`, made as they are first used.
//!
//! One is kept for ever for each place, service and set of settings; so the names of services should come from a
//! small set, and settings that differ from call to call belong into the file.

use std::panic::Location;

use super::site::require_timers;
use super::{Bound, Registry, Site};
use crate::policy::{Key, Patch, Value};

/// What tells one unwritten site from another.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    service: String,
    file: &'static str,
    line: u32,
    column: u32,
    /// Settings have no order or hash of their own (there are fractions among them); their text has.
    settings: String,
}

impl Registry {
    /// The binding of the site at that place.
    pub(crate) fn bind_unwritten(
        &'static self,
        service: &str,
        at: &'static Location<'static>,
        settings: &Patch,
    ) -> &'static Bound {
        let place = Place {
            service: service.to_owned(),
            file: at.file(),
            line: at.line(),
            column: at.column(),
            settings: format!("{settings:?}"),
        };
        if let Some(bound) = self.unwritten.get(&place) {
            return *bound;
        }
        // Before anything is kept for ever, and not under a lock: it may panic.
        require_timers("resilient_call");
        // Under the lock of the configuration, so that two callers at once make one site. The map has locks of its own;
        // they are taken within this one, never the other way round.
        let mut configuration = self.lock();
        if let Some(bound) = self.unwritten.get(&place) {
            return *bound;
        }
        let inline: Vec<(Key, Value)> = settings.iter().map(|(key, value)| (key, value.clone())).collect();
        let site: &'static Site =
            Box::leak(Box::new(Site::unwritten(String::leak(service.to_owned()), at, Vec::leak(inline))));
        let woken = self.learn_locked(&mut configuration, site);
        let bound = self.bind_locked(&mut configuration, site);
        self.unwritten.insert(place, bound);
        drop(configuration);
        woken.wake();
        bound
    }
}
