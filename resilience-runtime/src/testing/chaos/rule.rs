//! Builds a rule of chaos in code. In: whom it hits, with what, how often and when. Out: a rule that is armed.

use std::fmt;
use std::io;

use resilience_settings::distribution::Distribution;

use super::armed::ArmedRule;
use crate::call::Injectable;
use crate::chaos::{Change, ErrorOf, Fault, Maker, Origin, Rule, Schedule, Target};
use crate::registry::registry;
use crate::rejection::RejectionKind;
use crate::testing::span::IntoSpan;

/// A rule that is not armed yet: [`rule`] begins one.
#[must_use = "a rule acts once it is armed"]
pub struct RuleBuilder {
    rule: Rule,
}

/// Begins a rule for the attempts of a service (`db`), of one function of it (`db@load`, `db@shop::load`), or of all services
/// (`*`). It does nothing until it is told what, and [armed](RuleBuilder::arm).
pub fn rule(target: &str) -> RuleBuilder {
    let rule = Rule {
        name: None,
        target: Target::parse(target),
        latency: None,
        fault: None,
        rate: 1.0,
        count: None,
        schedule: Schedule::default(),
        origin: Origin::Code,
        #[cfg(feature = "config")]
        said: None,
    };
    RuleBuilder { rule }
}

impl RuleBuilder {
    /// The name under which it is counted and told of; without one it has a number. A later rule of the program with the
    /// same name takes its place. Of a thousand names each is counted by itself, and those after them under `other`.
    pub fn named(mut self, name: &str) -> Self {
        self.rule.name = Some(name.to_owned());
        self
    }

    /// Only attempts of this partition: its label, or its number after `#`.
    pub fn partition(mut self, label: &str) -> Self {
        self.rule.target.partition = Some(label.to_owned());
        self
    }

    /// In place of the body, an error that the closure makes.
    pub fn error<E: 'static>(self, make: impl Fn() -> E + Send + Sync + 'static) -> Self {
        self.with(Fault::Error(ErrorOf::Maker(Maker::new(make))))
    }

    /// In place of the body, an error of that kind: wherever the error of a function is, or is made from, an `io::Error` or
    /// the error of a [known client](super#clients), which is then what that client reports.
    pub fn io_error(self, kind: io::ErrorKind) -> Self {
        self.with(Fault::Error(ErrorOf::Maker(Maker::of_io(kind))))
    }

    /// In place of the body, an error that is [registered](super::register) under that name.
    pub fn registered_error(self, name: &str) -> Self {
        self.with(Fault::Error(ErrorOf::Registered(name.to_owned())))
    }

    /// The attempt waits before its body runs, or before the fault; its timeout holds meanwhile. A time such as `"200ms"`, or
    /// a distribution such as `"lognormal(200ms, 0.5)"`.
    ///
    /// # Panics
    ///
    /// If the text is neither.
    pub fn latency(mut self, distribution: &str) -> Self {
        let Some(latency) = Distribution::parse(distribution) else {
            panic!("a latency must be {}, not `{distribution}`", Distribution::ACCEPTED)
        };
        self.rule.latency = Some(latency);
        self
    }

    /// The attempt never ends by itself: its timeout ends it, or the deadline of the call. When the rule is disarmed or ceases to
    /// act, it goes on with its body.
    pub fn hang(self) -> Self {
        self.with(Fault::Hang)
    }

    /// The attempt panics.
    pub fn panic(self) -> Self {
        self.with(Fault::Panic)
    }

    /// The attempt ends as if a call inside it had ended so: turned away, it is no vote for the breaker, and not retried;
    /// with `AttemptTimeout` or `DeadlineExceeded`, it is a failure like any other.
    pub fn reject(self, kind: RejectionKind) -> Self {
        self.with(Fault::Reject(kind))
    }

    /// The body runs, and what it returns with `Ok` is changed.
    pub fn change_ok<T: Injectable>(self, change: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        self.with(Fault::ChangeOk(Change::new(change)))
    }

    /// The share of attempts that it hits, from 0 to 1; drawn from the generator that [`seed`](crate::testing::seed) repeats.
    pub fn rate(mut self, share: f64) -> Self {
        self.rule.rate = share.clamp(0.0, 1.0);
        self
    }

    /// It ends after so many attempts were hit.
    pub fn count(mut self, attempts: u64) -> Self {
        self.rule.count = Some(attempts);
        self
    }

    /// It begins to act so long after it was armed.
    pub fn after(mut self, time: impl IntoSpan) -> Self {
        self.rule.schedule.after = time.into_span();
        self
    }

    /// It acts for so long, and then ends; with [`every`](Self::every), each time.
    pub fn lasting(mut self, time: impl IntoSpan) -> Self {
        self.rule.schedule.lasting = Some(time.into_span());
        self
    }

    /// It begins to act again so long after it began.
    pub fn every(mut self, time: impl IntoSpan) -> Self {
        self.rule.schedule.every = Some(time.into_span());
        self
    }

    /// It ends so long after it was armed, whatever else holds.
    pub fn expires_after(mut self, time: impl IntoSpan) -> Self {
        self.rule.schedule.expires_after = Some(time.into_span());
        self
    }

    fn with(mut self, fault: Fault) -> Self {
        self.rule.fault = Some(fault);
        self
    }

    /// Arms it in the registry in force, until the guard is dropped.
    ///
    /// # Panics
    ///
    /// If it does nothing: that is a mistake in a test. One that no call site is meant by is a
    /// [finding](crate::Registry::findings), as a handle may still be made.
    pub fn arm(self) -> ArmedRule {
        let Self { rule } = self;
        assert!(
            rule.fault.is_some() || rule.latency.is_some(),
            "a rule for `{}` does nothing: say `error`, `latency`, `hang`, `panic`, `reject` or `change_ok`",
            rule.target
        );
        let registry = registry();
        ArmedRule::new(registry, registry.arm_chaos(rule))
    }
}

impl fmt::Debug for RuleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleBuilder").field("rule", &self.rule).finish_non_exhaustive()
    }
}
