//! Sorts the call sites of a program by service.

use crate::layers::site_facts::SiteFacts;
use crate::sorted::sort;

/// Call sites by the name of their service.
#[derive(Debug, Default)]
pub(super) struct Services<'s>(Vec<(&'static str, Vec<&'s SiteFacts>)>);

impl<'s> Services<'s> {
    pub(super) fn of(sites: &[&'s SiteFacts]) -> Self {
        let mut sites = sites.to_vec();
        sort(&mut sites, |one, other| one.service.cmp(other.service));
        let same = sites.chunk_by(|one, other| one.service == other.service);
        Self(same.map(|sites| (sites[0].service, sites.to_vec())).collect())
    }

    /// The call sites of a service; `None` if no site names it.
    pub(super) fn get(&self, name: &str) -> Option<&[&'s SiteFacts]> {
        let place = self.0.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(&self.0[place].1)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &[&'s SiteFacts])> {
        self.0.iter().map(|(name, sites)| (*name, &**sites))
    }
}
