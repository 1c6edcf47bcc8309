//! Makes the entry of the history for a rare event. In: the event. Out: its sort, its service, and the states before and after; of
//! some nothing.

#[cfg(feature = "server")]
use crate::events::OfServer;
use crate::events::{BreakerOf, Rare};

/// An event without its number and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventRecord {
    pub(super) kind: &'static str,
    pub(super) service: Option<&'static str>,
    pub(super) from: Option<&'static str>,
    pub(super) to: Option<&'static str>,
}

impl EventRecord {
    /// An event of the process.
    pub(super) const fn of_process(kind: &'static str) -> Self {
        Self { kind, service: None, from: None, to: None }
    }

    /// An event of a service.
    pub(super) const fn of_service(kind: &'static str, service: &'static str) -> Self {
        Self { service: Some(service), ..Self::of_process(kind) }
    }

    /// What an operator did, or what of it is over.
    #[cfg(feature = "server")]
    const fn of_operator(kind: &'static str, service: Option<&'static str>, what: &'static str) -> Self {
        Self { kind, service, from: None, to: Some(what) }
    }

    /// Adds the state before and after.
    pub(super) const fn between(self, from: &'static str, to: &'static str) -> Self {
        Self { from: Some(from), to: Some(to), ..self }
    }

    /// What is kept of an event; `None` of one that only the log has.
    pub(super) fn of(event: &Rare<'_>) -> Option<Self> {
        Some(match *event {
            Rare::BreakerOpened { service, of, from, to, .. }
            | Rare::BreakerChanged { service, of, from, to } => {
                let kind = match of {
                    BreakerOf::Service => "breaker",
                    BreakerOf::Partition { is_kept: true } => "partition_breaker",
                    BreakerOf::Partition { is_kept: false } => return None,
                };
                Self::of_service(kind, service).between(from, to)
            }
            Rare::BudgetExhausted { service } => Self::of_service("budget_exhausted", service),
            Rare::BudgetRefilled { service } => Self::of_service("budget_refilled", service),
            Rare::ShedsMore { from, shed, .. } | Rare::ShedsFewer { from, shed, .. } => {
                Self::of_process("shedding").between(from, shed)
            }
            Rare::OverrideSet { service } => Self::of_service("override_set", service),
            Rare::OverrideCleared { service } => Self::of_service("override_cleared", service),
            Rare::StoreAway { .. } => Self::of_process("store_away"),
            Rare::StoreBack { .. } => Self::of_process("store_back"),
            Rare::ResultNotStored { service, .. } => Self::of_service("result_not_stored", service),
            Rare::ResultsEvicted => Self::of_process("results_evicted"),
            #[cfg(feature = "testing")]
            Rare::ChaosArmed { label, does, .. } => Self::of_process("chaos_armed").between(label, does),
            #[cfg(feature = "testing")]
            Rare::ChaosDisarmed { label, .. } => Self::of_process("chaos_disarmed").between(label, "nothing"),
            #[cfg(any(test, feature = "config"))]
            Rare::ConfigurationApplied => Self::of_process("config_applied"),
            #[cfg(feature = "config")]
            Rare::ConfigurationTurnedDown => Self::of_process("config_refused"),
            #[cfg(feature = "server")]
            Rare::OfServer(OfServer::Acted { known, action, .. }) => {
                Self::of_operator("operator_acted", known, action)
            }
            #[cfg(feature = "server")]
            Rare::OfServer(OfServer::TimeIsUp { known, of, .. }) => {
                Self::of_operator("operator_time_up", known, of)
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::monitor::snapshot::EventSnapshot;

    /// Readers are told which kinds there are; one that is made here and not named there would be taken for a mistake of theirs.
    #[test]
    fn every_kind_that_is_made_is_named_for_readers() {
        let source = include_str!("event_record.rs");
        let (_, made) = source.split_once("fn of(event").expect("it makes them");
        let (made, _) = made.split_once("#[cfg(test)]").expect("this test");
        // What stands in quotes; `nothing` is no kind, but what a rule does that is disarmed.
        let made: BTreeSet<&str> =
            made.split('"').skip(1).step_by(2).filter(|word| *word != "nothing").collect();
        let made: BTreeSet<&str> =
            made.into_iter().filter(|word| !["config", "server", "testing"].contains(word)).collect();
        assert_eq!(made, EventSnapshot::KINDS.iter().copied().collect());
    }
}
