//! A place in the program that calls a service: the constant part that the attribute writes, and the live
//! part that binds it to its service.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::OnceLock;
use std::time::Duration;

use super::degradation::Degradation;
use super::interner::{Handle, Pointer};
use super::lineage::{LastExtended, Lineage, SiteId};
use super::link::{Link, linked};
use super::provided::written;
use super::{Registry, Service};
use crate::call::Call;
use crate::clock::Tick;
use crate::config::offers::Offers;
use crate::config::site_facts::{SiteFacts, nowhere};
use crate::degrade::Caches;
use crate::monitor::KeptQuantile;
use crate::policy::{CallRules, Key, Ratio, Terms, Value};

/// A call site. The attributes make one `static` of it in each annotated function.
#[derive(Debug)]
pub struct Site {
    pub(super) facts: SiteFacts,
    bound: OnceLock<&'static Bound>,
    link: Link,
}

impl Site {
    /// The site that an attribute wrote; `inline` has the keys that stand in the attribute.
    #[track_caller]
    pub const fn new(
        service: &'static str,
        module: &'static str,
        function: &'static str,
        inline: &'static [(Key, Value)],
    ) -> Self {
        let at = Location::caller();
        let facts = SiteFacts {
            service,
            module,
            function,
            place: nowhere,
            file: at.file(),
            line: at.line(),
            inline,
            degradation_only: false,
            offers: written(inline),
        };
        Self { facts, bound: OnceLock::new(), link: Link::new() }
    }

    /// A site that no attribute wrote. It has the name of what makes its calls where others have a function.
    pub(super) fn unwritten(
        service: &'static str,
        caller: &'static str,
        at: &'static Location<'static>,
        inline: &'static [(Key, Value)],
    ) -> Self {
        let facts = SiteFacts {
            service,
            module: String::leak(at.to_string()),
            function: caller,
            place: nowhere,
            file: at.file(),
            line: at.line(),
            inline,
            degradation_only: false,
            offers: Offers::NONE,
        };
        Self { facts, bound: OnceLock::new(), link: Link::new() }
    }

    /// Makes the site known; for what runs before `main`.
    #[doc(hidden)]
    pub fn link_at_start(&'static self) {
        self.link.close(self);
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// The service that is called.
    pub fn service(&self) -> &'static str {
        self.facts.service
    }

    /// The path that overrides of the file use: `module::function`, or `module::Type::function` for a method.
    pub fn path(&self) -> String {
        self.facts.path()
    }

    /// The source file of the attribute.
    pub fn file(&self) -> &'static str {
        self.facts.file
    }

    /// The line of the attribute.
    pub fn line(&self) -> u32 {
        self.facts.line
    }

    pub(crate) fn facts(&self) -> &SiteFacts {
        &self.facts
    }

    /// Begins a call.
    ///
    /// # Panics
    ///
    /// At the first call of the site, outside a tokio runtime with time enabled. Timers are armed only when a
    /// body has to wait; without this check the program would panic later, and only when the service is slow.
    #[inline]
    pub fn enter<K>(&'static self) -> Call<K> {
        #[cfg(feature = "testing")]
        if let Some(registry) = crate::testing::isolated_registry() {
            return Call::new(registry.bind(self));
        }
        Call::new(self.bound.get().copied().unwrap_or_else(|| self.bind()))
    }

    /// Apart, so that nothing is made ready for it in later calls.
    #[cold]
    #[inline(never)]
    fn bind(&'static self) -> &'static Bound {
        // Not in the initialiser: the first use of the registry logs, and a subscriber may call this very function.
        let bound = super::global().bind(self);
        self.bound.get_or_init(|| bound)
    }
}

/// All call sites of the program: those that the linker knows, and those of handles and `resilient_call` so far.
#[derive(Debug)]
pub(super) struct LinkedSites {
    /// In the order of files and lines.
    pub(super) all: Vec<&'static Site>,
    of_service: HashMap<&'static str, Vec<&'static SiteFacts>>,
}

impl LinkedSites {
    pub(super) fn new() -> Self {
        let mut all: Vec<_> = linked().collect();
        all.sort_by_key(|site| (site.facts.file, site.facts.line, site.facts.function));
        let mut of_service: HashMap<_, Vec<_>> = HashMap::new();
        for site in &all {
            of_service.entry(site.facts.service).or_default().push(&site.facts);
        }
        Self { all, of_service }
    }

    /// Adds a site that was made later, behind the others.
    pub(super) fn add(&mut self, site: &'static Site) {
        self.all.push(site);
        self.of_service.entry(site.facts.service).or_default().push(&site.facts);
    }

    /// The services that are called.
    pub(super) fn services(&self) -> impl Iterator<Item = &'static str> {
        self.of_service.keys().copied()
    }

    /// The sites of one service.
    pub(super) fn of(&self, service: &str) -> &[&'static SiteFacts] {
        self.of_service.get(service).map_or(&[], Vec::as_slice)
    }

    pub(super) fn facts(&self) -> Vec<&'static SiteFacts> {
        self.all.iter().map(|site| &site.facts).collect()
    }
}

/// A site bound to its service, with the policy of its calls.
#[derive(Debug)]
pub(crate) struct Bound {
    registry: &'static Registry,
    service: &'static Service,
    facts: &'static SiteFacts,
    terms: Pointer<Terms>,
    last_lineage: LastExtended,
    degradation: Degradation,
    hedge_latency: KeptQuantile,
    timeout_latency: KeptQuantile,
}

impl Bound {
    pub(super) fn new(
        registry: &'static Registry,
        service: &'static Service,
        facts: &'static SiteFacts,
        terms: Handle<Terms>,
        id: SiteId,
    ) -> Self {
        Self {
            registry,
            service,
            facts,
            terms: Pointer::new(terms),
            last_lineage: LastExtended::default(),
            degradation: Degradation::new(id),
            hedge_latency: KeptQuantile::default(),
            timeout_latency: KeptQuantile::default(),
        }
    }

    #[inline]
    pub(crate) fn service(&self) -> &'static Service {
        self.service
    }

    #[inline]
    pub(crate) fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// The settings of its calls, and those of its service.
    #[inline]
    pub(crate) fn terms(&self) -> &'static Terms {
        self.registry.terms.get(&self.terms)
    }

    #[inline]
    pub(crate) fn rules(&self) -> &'static CallRules {
        self.terms().call
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        self.registry.clock.now()
    }

    /// About now, for whoever only has to know which slice of a window it is: see [`Recent`](crate::recent::Recent).
    #[inline]
    pub(crate) fn about_now(&self) -> Tick {
        self.registry.recent.get(&self.registry.clock)
    }

    #[inline]
    pub(crate) fn facts(&self) -> &'static SiteFacts {
        self.facts
    }

    /// Whether the body cannot run again.
    pub(crate) fn is_single(&self) -> bool {
        self.facts.degradation_only
    }

    /// The response caches of this site.
    pub(crate) fn caches(&self) -> &Caches {
        &self.degradation.caches
    }

    /// The sites that are being answered for, once this one is too.
    pub(crate) fn degrading(&self, outer: Lineage<SiteId>) -> Lineage<SiteId> {
        self.degradation.lineage(outer, &self.registry.degrading)
    }

    /// Whether a call comes back to this site from its own redirect or fallback.
    #[inline]
    pub(crate) fn is_cycle(&self, outer: Lineage<SiteId>) -> bool {
        outer != Lineage::ROOT && self.degradation.is_cycle(outer, &self.registry.degrading, self.facts)
    }

    /// After which time an attempt counts as slow enough for a copy.
    pub(crate) fn hedge_latency(&self, share: Ratio, now: Tick) -> Option<Duration> {
        self.hedge_latency.get(&self.service.recent, share, now)
    }

    /// What an adaptive timeout is made from.
    pub(crate) fn timeout_latency(&self, share: Ratio, now: Tick) -> Option<Duration> {
        self.timeout_latency.get(&self.service.recent, share, now)
    }

    /// Gives the calls that begin from now on other settings.
    pub(super) fn turn(&self, terms: Handle<Terms>) {
        self.terms.turn(terms);
    }

    /// The lineage within a call of this site, or `None` when the call is inside one of the same service.
    #[inline]
    pub(crate) fn lineage(&self, outer: Lineage) -> Option<Lineage> {
        if outer == Lineage::ROOT {
            return Some(self.service.lineage());
        }
        if let Some(own) = self.last_lineage.get(outer) {
            return Some(own);
        }
        let own = self.registry.lineages.extend(outer, self.service.id())?;
        self.last_lineage.set(outer, own);
        Some(own)
    }
}
