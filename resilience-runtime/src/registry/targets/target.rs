//! Data: what an attempt is made against: a service, with the state of all of it or of one partition. In: a call. Out: the state
//! that its attempts read and change.

use crate::registry::partitions::PartitionState;
use crate::registry::service::{Service, ServiceState};

/// A service and the state in it that a call uses.
///
/// What concerns one concept is asked of the [`state`](Self::state) itself. Methods of a target are about several:
/// how an attempt [votes](Self::settle), a [permit](Self::release_permit) and when its body began, the
/// [stress](Self::stress) on a service, and who is [told](Self::announce) of its breaker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    service: &'static Service,
    state: &'static ServiceState,
}

impl Service {
    /// The service with the state of all calls that have no partition of their own.
    #[inline]
    pub(crate) fn target(&'static self) -> Target {
        Target::new(self, self.unpartitioned())
    }
}

impl Target {
    #[inline]
    pub(crate) fn new(service: &'static Service, partition: &'static PartitionState) -> Self {
        Self { service, state: &partition.state }
    }

    #[inline]
    pub(crate) fn service(self) -> &'static Service {
        self.service
    }

    #[inline]
    pub(crate) fn state(self) -> &'static ServiceState {
        self.state
    }
}
