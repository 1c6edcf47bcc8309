//! Makes a rule of chaos out of the keys that a file or an operator has said. In: keys that have been checked. Out: a rule.

use resilience_settings::config::chaos::{ChaosFault, ChaosRule};

use super::kinds::io_kind;
use super::maker::Maker;
use super::rule::{ErrorOf, Fault, Origin, Rule, Target};
use super::schedule::Schedule;
use crate::rejection::RejectionKind;

impl Rule {
    /// The rule that was said.
    pub(crate) fn of(said: &ChaosRule, origin: Origin) -> Self {
        let target = Target::parse(said.target.as_deref().unwrap_or_default());
        Self {
            name: Some(said.name.clone()),
            target: Target { partition: said.partition.clone(), ..target },
            latency: said.latency,
            fault: said.fault.as_ref().and_then(fault),
            rate: said.rate,
            count: said.count,
            schedule: Schedule {
                after: said.after,
                lasting: said.lasting,
                every: said.every,
                expires_after: said.expires_after,
            },
            origin,
            said: Some(Box::new(said.clone())),
        }
    }

    /// Whether a file that says this leaves it as it is.
    pub(super) fn is_said(&self, said: &ChaosRule) -> bool {
        self.origin == Origin::File && self.said.as_ref().is_some_and(|own| own.is_same(said))
    }
}

fn fault(said: &ChaosFault) -> Option<Fault> {
    Some(match said {
        ChaosFault::Error(name) => Fault::Error(match io_kind(name) {
            Some(kind) => ErrorOf::Maker(Maker::of_io(kind)),
            None => ErrorOf::Registered(name.clone()),
        }),
        ChaosFault::Hang => Fault::Hang,
        ChaosFault::Panic => Fault::Panic,
        ChaosFault::Reject(name) => {
            Fault::Reject(*RejectionKind::ALL.iter().find(|kind| kind.name() == *name)?)
        }
    })
}

#[cfg(test)]
mod tests {
    use resilience_settings::config::chaos::REJECTIONS;

    use super::*;

    #[test]
    fn every_kind_of_rejection_can_be_said() {
        let names: Vec<&str> = RejectionKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names, REJECTIONS);
    }
}
