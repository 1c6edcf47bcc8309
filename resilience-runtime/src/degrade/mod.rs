//! Degraded answers for failed calls: cached answers, one execution shared by many callers, and the record of what
//! answered. None of it sleeps or reads a clock by itself.

mod answered_by;
mod buckets;
mod cache;
mod cached_answers;
mod caches;
mod flight;
mod flights;

pub(crate) use self::answered_by::record;
pub use self::answered_by::{AnsweredBy, answered_by};
pub(crate) use self::cache::{Ahead, Lead, ResponseCache, Told, Waiter};
pub(crate) use self::cached_answers::Kept;
pub(crate) use self::caches::Caches;
pub(crate) use self::flight::LeadLimit;
