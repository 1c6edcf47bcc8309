//! Call sites: the constant that an attribute writes, the list of all of them, and what binds one to its service.

mod bound;
mod counts;
mod degradation;
mod link;
mod linked_sites;
mod provided;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod site;
mod site_snapshots;

pub(crate) use self::bound::BoundSite;
pub(super) use self::counts::SiteCounts;
pub(super) use self::linked_sites::LinkedSites;
pub use self::site::Site;
pub(super) use self::site::linked;
