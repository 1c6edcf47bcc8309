//! Data: the checked settings of load shedding, which act on the whole process. Apart from the policies, because the pressure
//! belongs to the process and to no service.

use std::time::Duration;

use super::numbers::Ratio;

/// From which measurements on the process is under pressure.
///
/// The pressure is the largest of what is measured, each divided by its threshold here. From 1 on calls of
/// priority `Low` are shed, from 1.2 also `Normal`, from 1.5 also `High`; `Critical` calls never are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SheddingSettings {
    /// Whether anything is measured and shed.
    pub enabled: bool,
    /// The share of its processors that the process may use; above zero.
    pub cpu: Ratio,
    /// The share of its memory that the process may use; above zero.
    pub memory: Ratio,
    /// How late a timer of the runtime may be; above zero.
    pub scheduler_lag: Duration,
    /// How long attempts may wait for a slot; above zero.
    pub queue_time: Duration,
    /// How many calls may run at once, at least 1; `None` does not look at them.
    pub max_in_flight: Option<u32>,
    /// How long the pressure must stay below a level before its calls are let in again.
    pub recover_after: Duration,
}

impl Default for SheddingSettings {
    /// Off. When it is switched on: nine tenths of processors and memory, timers 100 ms late, half a second in the
    /// queue, any number of calls, and five calm seconds before a level is left.
    fn default() -> Self {
        Self {
            enabled: false,
            cpu: Ratio::saturating(0.9),
            memory: Ratio::saturating(0.9),
            scheduler_lag: Duration::from_millis(100),
            queue_time: Duration::from_millis(500),
            max_in_flight: None,
            recover_after: Duration::from_secs(5),
        }
    }
}
