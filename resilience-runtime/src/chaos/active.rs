//! Decides whether an armed rule of chaos hits an attempt. In: the rule, and the moment it was armed. Out: which attempts it still
//! hits, and when its `count` or its time is used up.

mod hanging;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::at::At;
use super::names::Labels;
use super::rule::Rule;
use crate::clock::{Tick, micros};

pub(crate) use self::hanging::{HangingAttempt, HangingAttempts};

/// An armed rule.
#[derive(Debug)]
pub(crate) struct Active {
    pub(super) rule: Rule,
    pub(super) id: u64,
    name: Box<str>,
    label: &'static str,
    since: Tick,
    /// How many attempts it has been given, of which some may not take what it has.
    pub(super) claimed: AtomicU64,
    /// How many attempts it has hit.
    pub(super) injected: AtomicU64,
    is_misfit_told: AtomicBool,
    /// The attempts that hang or wait by it.
    held: Arc<HangingAttempts>,
}

/// What is known of an armed rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RuleStatus {
    /// Its number in the registry.
    pub id: u64,
    /// Its name as it was asked for; `rule-` and its number if there was none.
    pub name: String,
    /// Whose attempts it hits: `db`, `db@load`, `*`.
    pub target: String,
    /// What it does: `error`, `latency`, `hang`, `panic`, `reject`, `wrong_ok`.
    pub does: &'static str,
    /// Who has armed it: `code`, `file`, `operator`.
    pub origin: &'static str,
    /// How many attempts it has hit.
    pub injected: u64,
    /// How long it has been armed.
    pub armed_for_us: u64,
    /// How long until it ends by itself; `None` if no time is set for that.
    pub ends_in_us: Option<u64>,
}

impl Active {
    /// One that is armed now; it has been given that number.
    pub(super) fn new(rule: Rule, id: u64, since: Tick, labels: &mut Labels) -> Self {
        let name = rule.name.clone().unwrap_or_else(|| format!("rule-{id}"));
        let label = if rule.name.is_some() { labels.of_name(&name) } else { labels.of_number(&name) };
        Self {
            rule,
            id,
            name: name.into(),
            label,
            since,
            claimed: AtomicU64::new(0),
            injected: AtomicU64::new(0),
            is_misfit_told: AtomicBool::new(false),
            held: Arc::default(),
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it is counted under.
    pub(crate) fn label(&self) -> &'static str {
        self.label
    }

    /// What it says.
    pub(crate) fn rule(&self) -> &Rule {
        &self.rule
    }

    /// By which it is disarmed.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// How many attempts it has hit.
    pub(crate) fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }

    /// Holds an attempt that hangs or waits.
    pub(super) fn hold(&self) -> HangingAttempt {
        HangingAttempt::new(&self.held)
    }

    /// The attempts that hang or wait by it go on. To be called outside of every lock.
    pub(crate) fn release(&self) {
        self.held.release();
    }

    /// Whether it was ended, or has expired: then nothing more comes of it, also not for the attempts that it has struck.
    pub(super) fn has_ended(&self, now: Tick) -> bool {
        self.held.are_released() || self.expires_at().is_some_and(|end| now >= end)
    }

    /// When it is over, whatever else holds.
    pub(super) fn expires_at(&self) -> Option<Tick> {
        self.rule.schedule.expires_after.map(|most| self.since.plus(most))
    }

    /// When it does not act any more that acts now, if it is not ended before.
    pub(super) fn acts_until(&self, now: Tick) -> Option<Tick> {
        let until = self.rule.schedule.acts_until(self.armed_for(now)).map(|time| self.since.plus(time));
        until.into_iter().chain(self.expires_at()).min()
    }

    fn armed_for(&self, now: Tick) -> Duration {
        now.since(self.since)
    }

    /// Whether it will never act again, and nothing that hangs by it is left to whom that can be told.
    pub(super) fn is_over(&self, now: Tick) -> bool {
        let is_used_up = self.rule.count.is_some_and(|most| self.injected.load(Ordering::Relaxed) >= most);
        // Operators have no guard by which what hangs could be let go: to them the rule stays.
        let is_held = self.rule.origin.is_operator() && self.held.hold_some();
        is_used_up && !is_held || self.rule.schedule.is_over(self.armed_for(now))
    }

    /// Whether it hits an attempt there. To be asked under the lock of the rules, as it counts what it gives.
    pub(super) fn strikes(&self, at: &At<'_>, now: Tick, unit: &mut dyn FnMut() -> f64) -> bool {
        let rule = &self.rule;
        let is_left = rule.count.is_none_or(|most| self.claimed.load(Ordering::Relaxed) < most);
        let is_struck = is_left
            && rule.schedule.is_acting(self.armed_for(now))
            && rule.target.means(at)
            && (rule.rate >= 1.0 || unit() < rule.rate);
        if is_struck {
            self.claimed.fetch_add(1, Ordering::Relaxed);
        }
        is_struck
    }

    /// Whether this is the first call that does not take what it has.
    pub(super) fn is_first_misfit(&self) -> bool {
        !self.is_misfit_told.swap(true, Ordering::Relaxed)
    }

    pub(super) fn status(&self, now: Tick) -> RuleStatus {
        let armed_for = self.armed_for(now);
        RuleStatus {
            id: self.id,
            name: self.name().to_owned(),
            target: self.rule.target.to_string(),
            does: self.rule.does(),
            origin: self.rule.origin.name(),
            injected: self.injected(),
            armed_for_us: micros(armed_for),
            ends_in_us: self.rule.schedule.ends_after().map(|end| micros(end.saturating_sub(armed_for))),
        }
    }
}
