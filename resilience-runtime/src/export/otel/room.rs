//! Decides whether a meter provider has room for the series of so many services.

use crate::export::metric::Read;
use crate::export::table::METRICS;
use crate::monitor::snapshot::ServiceSnapshot;

/// The sets of attributes that SDKs keep of an instrument unless a view says otherwise.
const DEFAULT_LIMIT: usize = 2_000;

/// What a provider has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// So many sets of attributes of each instrument.
    Sets(usize),
    /// The series of so many services.
    Services(usize),
}

impl Room {
    pub(super) const DEFAULT: Self = Self::Sets(DEFAULT_LIMIT);

    /// Whether all series that these may ever have find room.
    pub(super) fn is_enough(self, services: &[ServiceSnapshot]) -> bool {
        match self {
            Self::Sets(limit) => services.len().saturating_mul(widest(services.first())) <= limit,
            Self::Services(room) => services.len() <= room,
        }
    }
}

/// The most series that a metric has of one service.
fn widest(service: Option<&ServiceSnapshot>) -> usize {
    let Some(service) = service else { return 0 };
    METRICS.iter().map(|metric| series(&metric.read, service)).max().unwrap_or(0)
}

/// How many series a metric has of one service.
pub(super) fn series(read: &Read, service: &ServiceSnapshot) -> usize {
    let Read::Service(read) = read else { return 0 };
    let mut count = 0;
    read(service, &mut |_, _| count += 1);
    count
}
