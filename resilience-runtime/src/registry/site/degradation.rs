//! Keeps the caches of a bound site, and finds a chain of redirects that comes back to it: by its place among the sites that are
//! being answered for.

use std::sync::atomic::{AtomicBool, Ordering};

use resilience_settings::layers::site_facts::SiteFacts;

use crate::degrade::Caches;
use crate::events::{Event, Rare, emit};
use crate::registry::call_path::{CallPath, CallPaths, LastExtended, SiteId};

/// The degradation of one bound site.
#[derive(Debug)]
pub(in crate::registry) struct Degradation {
    id: SiteId,
    last: LastExtended,
    pub(in crate::registry) caches: Caches,
    cycle_was_logged: AtomicBool,
}

impl Degradation {
    pub(in crate::registry) fn new(id: SiteId) -> Self {
        Self {
            id,
            last: LastExtended::default(),
            caches: Caches::default(),
            cycle_was_logged: AtomicBool::new(false),
        }
    }

    /// What holds within the sources of this site; `outer` when the site is part of that already.
    pub(in crate::registry) fn call_path(
        &self,
        outer: CallPath<SiteId>,
        table: &CallPaths<SiteId>,
    ) -> CallPath<SiteId> {
        if let Some(own) = self.last.get(outer) {
            return own;
        }
        let own = table.extend(outer, self.id).unwrap_or(outer);
        self.last.set(outer, own);
        own
    }

    /// Whether a call made within `outer` comes back to this site.
    pub(in crate::registry) fn is_cycle(
        &self,
        outer: CallPath<SiteId>,
        table: &CallPaths<SiteId>,
        facts: &'static SiteFacts,
    ) -> bool {
        let is_cycle = table.encloses(outer, self.id);
        if is_cycle && !self.cycle_was_logged.swap(true, Ordering::Relaxed) {
            emit(
                &Event::Rare(Rare::RedirectCycle {
                    service: facts.service,
                    function: facts.function,
                    file: facts.file,
                    line: facts.line,
                }),
                &(),
            );
        }
        is_cycle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_found_in_its_own_degradation_at_any_depth() {
        static FACTS: SiteFacts = SiteFacts {
            service: "svc",
            module: "m",
            function: "f",
            place: resilience_settings::layers::site_facts::nowhere,
            file: "f.rs",
            line: 1,
            inline: &[],
            degradation_only: false,
            scope: None,
            offers: resilience_settings::layers::offers::Offers::NONE,
        };
        let table = CallPaths::default();
        let [a, b, c] = [0, 1, 2].map(|id| Degradation::new(SiteId(id)));
        let in_a = a.call_path(CallPath::ROOT, &table);
        let in_ab = b.call_path(in_a, &table);
        assert_eq!(b.call_path(in_a, &table), in_ab);
        for (site, outer, expected) in [
            (&a, CallPath::ROOT, false),
            (&a, in_a, true),
            (&a, in_ab, true),
            (&b, in_ab, true),
            (&c, in_ab, false),
        ] {
            assert_eq!(site.is_cycle(outer, &table, &FACTS), expected, "{:?} {outer:?}", site.id);
        }
    }
}
