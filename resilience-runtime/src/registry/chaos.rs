//! Asks the rules of chaos for each attempt of a registry, and tells and counts what became of them; `chaos/active` decides. In:
//! attempts that may be hit, and rules that are armed and disarmed. Out: plans, and the events, counters and findings.

use std::sync::Arc;

use resilience_settings::layers::{Finding, FindingKind};

use super::announce::announce;
use super::registry::Registry;
use super::shared::Shared;
use super::site::BoundSite;
#[cfg(feature = "config")]
use crate::chaos;
use crate::chaos::{Active, At, Chaos, Claim, Ended, Misfit, Plan, Rule, RuleStatus, WhyMisfit};
use crate::events::{CallStep, Event, OfCall, Rare, emit};
use crate::registry::partitions::PartitionState;
use crate::wakers::shielded;

/// The name under which what scripts do is told.
const SCRIPT: &str = "script";

impl BoundSite {
    /// What an attempt of this site is to meet that begins now.
    #[cold]
    pub(crate) fn plan_of_chaos(&self, partition: Option<&'static PartitionState>) -> Plan {
        let service = self.service();
        let own = partition.filter(|state| !std::ptr::eq(*state, service.unpartitioned()));
        let names = || {
            let number = own.map(PartitionState::number);
            let label = number.and_then(|number| service.partitions.label(number));
            number.map(|number| format!("#{number}")).into_iter().chain(label).collect()
        };
        let at = At { facts: self.facts(), partition: &names };
        let (plan, ended, misfit) = self.shared().chaos.plan(&at, self.now(), || self.shared().chance.unit());
        self.shared().tell_ended(&ended);
        if let Some(misfit) = misfit {
            self.find_misfit(misfit);
        }
        plan
    }

    /// A rule has hit an attempt of this site. Counted once for each.
    pub(crate) fn note_injection(&self, claim: &mut Claim) {
        let (is_new, ended) = self.shared().chaos.settle(claim, self.service().name(), self.now());
        if is_new {
            self.tell_injection(claim.label(), claim.does());
        }
        self.shared().tell_ended(&ended);
    }

    /// A script has given an attempt of this site a step.
    pub(crate) fn note_script_step(&self, step: &'static str) {
        self.shared().chaos.count(self.service().name(), SCRIPT);
        self.tell_injection(SCRIPT, step);
    }

    fn tell_injection(&self, rule: &'static str, fault: &'static str) {
        self.service().step(|| CallStep::Injected { rule, fault });
        if self.is_told() {
            self.tell(OfCall::Injected { rule, fault });
        }
    }

    /// A call does not take what a rule has: said once of each rule.
    pub(crate) fn note_misfit(&self, claim: Option<&Claim>, given: &'static str, wanted: &'static str) {
        let why = || WhyMisfit::OtherType { given, wanted };
        if let Some(misfit) = claim.and_then(|claim| Chaos::misfit(claim, why)) {
            self.find_misfit(misfit);
        }
    }

    fn find_misfit(&self, Misfit { rule, why }: Misfit) {
        let (service, function) = (self.service().name(), self.facts().function);
        let message = match why {
            WhyMisfit::OtherType { given, wanted } => format!(
                "chaos rule `{rule}` has a `{given}` for `{function}`, which returns `{wanted}`: nothing is injected there; \
                 the rule needs a closure for that type, or the type `From<std::io::Error>` or `Injectable`"
            ),
            WhyMisfit::Unregistered { error, near } => {
                let remedy = near.map_or_else(
                    || "call `testing::chaos::register` with that name".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                format!(
                    "chaos rule `{rule}` injects nothing: no error `{error}` is registered, and no kind of `std::io::Error` is \
                     called that; {remedy}"
                )
            }
        };
        let finding = Finding::new(FindingKind::IdleRule, service, message);
        if self.shared().chaos.find(finding.clone()) {
            announce(&[finding]);
        }
    }
}

impl Shared {
    /// Tells of rules that have ended. Subscribers are foreign code.
    pub(crate) fn tell_ended(&self, ended: &[Ended]) {
        for ended in ended {
            let active = ended.active();
            let (rule, label, injected) = (active.name(), active.label(), active.injected());
            shielded(|| emit(&Event::Rare(Rare::ChaosDisarmed { rule, label, injected }), &self.history));
        }
    }

    /// The same of rules that were ended: what hangs by them goes on. That of a rule which is only used up hangs on.
    fn tell_disarmed(&self, ended: &[Ended]) {
        for ended in ended {
            ended.active().release();
        }
        self.tell_ended(ended);
    }

    fn tell_armed(&self, active: &Active) {
        let (rule, label) = (active.name(), active.label());
        let (target, does) = (&*active.rule().target.to_string(), active.rule().does());
        shielded(|| emit(&Event::Rare(Rare::ChaosArmed { rule, label, target, does }), &self.history));
    }
}

impl Registry {
    /// Arms a rule, and tells of it.
    pub(crate) fn arm_chaos(&self, rule: Rule) -> Arc<Active> {
        let (active, replaced) = self.shared.chaos.arm(rule, self.clock().now());
        self.shared.tell_disarmed(&replaced);
        self.shared.tell_armed(&active);
        active
    }

    /// Arms the rules of the file in force, and disarms what it had before, if the process allows it.
    #[cfg(feature = "config")]
    pub(crate) fn follow_chaos_of_file(&self) {
        let file = self.lock().file.clone();
        let said = file.as_ref().map_or(&[][..], |file| file.chaos.as_slice());
        let said = if chaos::is_allowed() { said } else { &[] };
        let (armed, ended) = self.shared.chaos.follow_file(said, self.clock().now());
        self.shared.tell_disarmed(&ended);
        for active in armed {
            self.shared.tell_armed(&active);
        }
    }

    /// Disarms rules, and tells of them. Says how many there were.
    pub(crate) fn disarm_chaos(&self, is_meant: impl Fn(&Rule, u64) -> bool) -> usize {
        let ended = self.shared.chaos.disarm(is_meant);
        let count = ended.len();
        self.shared.tell_disarmed(&ended);
        count
    }

    /// The rules that are armed now; what is over is disarmed.
    pub(crate) fn armed_chaos(&self) -> Vec<RuleStatus> {
        let now = self.clock().now();
        self.shared.tell_ended(&self.shared.chaos.end_what_is_over(now));
        self.shared.chaos.statuses(now)
    }
}
