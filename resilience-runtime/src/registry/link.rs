//! Static sites go in before `main`, one by one; the list of all of them comes out.
//!
//! The expansion of an attribute has the linker call [`link`] (`__resilience_link!`), so the registry knows every site of
//! the program before any is called. The list runs through the sites: nothing is allocated where no allocator may be
//! ready, and the standard library needs nothing else than a lock. A library that is loaded later adds its sites then.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::Site;

/// The site that was linked before this one; set once.
#[derive(Debug)]
pub(super) struct Link(OnceLock<Option<&'static Site>>);

/// The site that was linked last. A static of its own, since the registry does not exist yet.
static LAST: Mutex<Option<&'static Site>> = Mutex::new(None);

impl Link {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Puts `site`, whose link this is, on the list. Again, as some targets run such code twice, it changes nothing.
    pub(super) fn close(&self, site: &'static Site) {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if self.0.set(*last).is_ok() {
            *last = Some(site);
        }
    }

    fn before(&self) -> Option<&'static Site> {
        self.0.get().copied().flatten()
    }
}

/// Every site on the list.
pub(super) fn linked() -> impl Iterator<Item = &'static Site> {
    let last = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
    std::iter::successors(last, |site| site.link().before())
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
