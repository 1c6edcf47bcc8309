//! Data: a call site, the place in the program that calls a service, as an attribute writes it: a constant, and a cell for its
//! binding.

use std::panic::Location;
use std::sync::OnceLock;

use resilience_settings::policy::{Key, Value};

use resilience_settings::layers::site_facts::{SiteFacts, nowhere};

use resilience_settings::layers::offers::Offers;

use super::bound::BoundSite;
use super::link::{Link, List};

/// The sites that are linked. A static of its own, since the registry does not exist yet.
static LINKED: List<Site> = List::new(|site| &site.link);

/// A call site. The attributes make one `static` of it in each annotated function.
#[derive(Debug)]
pub struct Site {
    pub(in crate::registry) facts: SiteFacts,
    /// The binding in the registry of the program.
    pub(in crate::registry) bound: OnceLock<&'static BoundSite>,
    link: Link<Self>,
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
        Self::at(Location::caller(), service, [module, function], inline, written(inline))
    }

    /// A site that no attribute wrote. It has the name of what makes its calls where others have a function.
    pub(in crate::registry) fn unwritten(
        service: &'static str,
        caller: &'static str,
        at: &'static Location<'static>,
        inline: &'static [(Key, Value)],
    ) -> Self {
        let module = String::leak(at.to_string());
        Self::at(at, service, [module, caller], inline, Offers::BY_HANDLE)
    }

    const fn at(
        at: &'static Location<'static>,
        service: &'static str,
        [module, function]: [&'static str; 2],
        inline: &'static [(Key, Value)],
        offers: Offers,
    ) -> Self {
        let facts = SiteFacts {
            service,
            module,
            function,
            place: nowhere,
            file: at.file(),
            line: at.line(),
            inline,
            degradation_only: false,
            scope: None,
            offers,
        };
        Self { facts, bound: OnceLock::new(), link: Link::new() }
    }

    /// Makes the site known; for what runs before `main`.
    #[doc(hidden)]
    pub fn link_at_start(&'static self) {
        LINKED.add(self);
    }

    /// The service that is called.
    pub fn service(&self) -> &'static str {
        self.facts.service
    }

    /// The path that overrides of the file use: `module::function`, or `module::Type::function` for a method.
    /// Where two functions of a service would have one path, each has a longer one, such as
    /// `<module::Type as Trait>::function`; the short one reaches both, which is a [finding](crate::Registry::findings).
    pub fn path(&self) -> String {
        self.facts.path_among(linked().map(|site| &site.facts))
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
}

/// Every site that is linked.
pub(in crate::registry) fn linked() -> impl Iterator<Item = &'static Site> {
    LINKED.all()
}

/// What the clauses of an attribute provide: it has generated the code for them.
const fn written(inline: &[(Key, Value)]) -> Offers {
    let mut offers = Offers::NONE;
    let mut rest = inline;
    while let [first, others @ ..] = rest {
        offers = match first {
            (Key::Hedge, Value::Switch(true)) => offers.and(Offers::HEDGE),
            (Key::Cache, Value::Switch(true)) => offers.and(Offers::CACHE),
            (Key::Idempotency, Value::Switch(true)) => offers.and(Offers::IDEMPOTENCY),
            _ => offers,
        };
        rest = others;
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::*;

    static ONE: Site = Site::new("linked", "module", "one", &[]);
    static TWO: Site = Site::new("linked", "module", "two", &[]);

    #[test]
    fn a_site_that_is_linked_again_is_on_the_list_once() {
        for site in [&ONE, &TWO, &ONE, &TWO, &TWO] {
            site.link_at_start();
        }
        let times = |site: &Site| linked().filter(|other| std::ptr::eq(*other, site)).count();
        assert_eq!((times(&ONE), times(&TWO)), (1, 1));
    }
}
