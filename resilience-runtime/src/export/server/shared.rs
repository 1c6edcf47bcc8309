//! Data: what all requests of one server share.

use std::fmt;
use std::sync::Arc;

use super::actions::Leases;
use super::closing::Closing;
use super::live::LiveStream;
use super::rules::Reach;
use super::token::Token;
use crate::monitor::snapshot::DashboardData;
use crate::registry::Registry;

/// Where snapshots come from.
pub(super) type Source = Arc<dyn Fn() -> DashboardData + Send + Sync>;

pub(super) struct Shared {
    pub(super) source: Source,
    pub(super) registry: &'static Registry,
    pub(super) token: Option<Token>,
    pub(super) reach: Reach,
    pub(super) closing: Closing,
    pub(super) live: Arc<LiveStream>,
    pub(super) leases: Arc<Leases>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("reach", &self.reach)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
