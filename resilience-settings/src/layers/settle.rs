//! Decides what gives way where two layers contradict each other: the deadline wins, the rest is clamped. In: the values of all
//! layers. Out: one consistent set of values. Nothing is refused here; each change leaves a note and, when somebody wrote the
//! value, a finding. Built-in values give way in silence, because nobody meant them.

use crate::config::file::FileConfig;
use crate::config::global::{BREAKER_SWITCH, BUDGET_SWITCH};
use crate::layers::finding::{Finding, FindingKind};
use crate::layers::follow::{follow_fixed_timeout, follow_max_delay};
use crate::layers::resolved::{Adjustment, Resolved};
use crate::layers::source::Source;
use crate::policy::{CacheMode, Clause, Key, Mode, Value, Window};
use crate::rules::acts::{acts_with_budget, acts_with_strategy, silenced_by};
use crate::rules::bounds::{BOUNDS, WAITS, is_above};
use crate::rules::clauses::{clause_of, switch_of};

/// Makes the values fit each other.
pub fn settle(resolved: &mut Resolved, file: Option<&FileConfig>) {
    switch_globally(resolved, file);
    follow_fixed_timeout(resolved);
    for (key, limit) in BOUNDS {
        cap(resolved, *key, *limit);
    }
    cap_min_calls(resolved);
    cap_attempts(resolved);
    keep_from_answering_first(resolved);
    for key in WAITS {
        note_long_wait(resolved, key);
    }
    note_observed_keys(resolved);
    follow_max_delay(resolved);
    mark_idle(resolved);
}

/// `[global]` stands above everything: it is the one switch for the whole process.
fn switch_globally(resolved: &mut Resolved, file: Option<&FileConfig>) {
    let Some(file) = file else { return };
    let global = &file.global;
    let switches = [
        (Key::Breaker, global.circuit_breaker_enabled, BREAKER_SWITCH),
        (Key::Budget, global.retry_budget_enabled, BUDGET_SWITCH),
    ];
    for (key, enabled, name) in switches {
        if !enabled {
            let (file, line) = (file.origin.clone(), global.line_of(name).unwrap_or_default());
            resolved.lay(key, Value::Off, Source::Global { file, line });
        }
    }
}

/// Keeps the value of one key at or below that of another. A key that does nothing is left alone.
fn cap(resolved: &mut Resolved, key: Key, limit: Key) {
    if idle_because(resolved, key).is_none()
        && let (Some(value), Some(most)) = (resolved.value(key), resolved.value(limit))
        && is_above(value, most)
    {
        let most = most.clone();
        adjust(resolved, key, most, limit);
    }
}

fn cap_min_calls(resolved: &mut Resolved) {
    if let (Some(Value::Count(least)), Some(Value::Window(Window::Calls(calls)))) =
        (resolved.value(Key::MinCalls), resolved.value(Key::Window))
        && *least > u64::from(*calls)
    {
        let most = Value::Count(u64::from(*calls));
        adjust(resolved, Key::MinCalls, most, Key::Window);
    }
}

/// Attempts without a limit end with the deadline; where another layer has none, the number that most templates have.
fn cap_attempts(resolved: &mut Resolved) {
    let has_deadline = matches!(resolved.value(Key::Deadline), Some(Value::Duration(_)));
    if resolved.value(Key::MaxAttempts) == Some(&Value::Unlimited) && !has_deadline {
        adjust(resolved, Key::MaxAttempts, Value::Count(3), Key::Deadline);
    }
}

/// A cache that answers before the call would answer in place of a call with a key, which has a result of its own to give
/// again. An attribute with both is refused; where another layer has the mode, the cache answers when the call has failed.
fn keep_from_answering_first(resolved: &mut Resolved) {
    let has_keys = resolved.effective(Key::Idempotency).is_some_and(|entry| {
        entry.value == Value::Switch(true) && matches!(entry.source, Source::Inline { .. })
    });
    let reads_through = resolved.value(Key::CacheMode) == Some(&Value::CacheMode(CacheMode::ReadThrough));
    if has_keys && reads_through && idle_because(resolved, Key::CacheMode).is_none() {
        adjust(resolved, Key::CacheMode, Value::CacheMode(CacheMode::OnFailure), Key::Idempotency);
    }
}

/// Notes keys that protect nothing, as calls that are only observed touch no store.
fn note_observed_keys(resolved: &mut Resolved) {
    let (Some(mode), Some(keys)) = (resolved.effective(Key::Mode), resolved.effective(Key::Idempotency))
    else {
        return;
    };
    if mode.value != Value::Mode(Mode::Observe) || keys.value != Value::Switch(true) {
        return;
    }
    let reason = format!("it protects nothing, as `mode` is {} ({})", mode.value, mode.source);
    mark(resolved, Key::Idempotency, &reason, true);
}

/// Notes a wait that the deadline ends before. The default is meant for any deadline, so that is no finding.
fn note_long_wait(resolved: &mut Resolved, key: Key) {
    if idle_because(resolved, key).is_some() {
        return;
    }
    let (Some(wait), Some(deadline)) = (resolved.effective(key), resolved.effective(Key::Deadline)) else {
        return;
    };
    if !is_above(&wait.value, &deadline.value) {
        return;
    }
    let original = wait.value.clone();
    let reason = format!("`deadline` is {} ({})", deadline.value, deadline.source);
    if wait.source.is_written() {
        let message = format!(
            "`{}`: `{}` {original} ({}) does not fit, because {reason}; no call waits longer than that",
            resolved.service,
            key.path(),
            wait.source,
        );
        resolved.findings.push(Finding::new(FindingKind::Adjusted, &resolved.service, message));
    }
    if let Some(wait) = resolved.effective_mut(key) {
        wait.adjusted = Some(Adjustment { original, reason: format!("{reason}, and no call waits longer") });
    }
}

fn adjust(resolved: &mut Resolved, key: Key, value: Value, limit: Key) {
    let limit = resolved.effective(limit).cloned();
    let (Some(limit), Some(mut effective)) = (limit, resolved.take(key)) else {
        return;
    };
    let original = std::mem::replace(&mut effective.value, value);
    let reason = format!("`{}` is {} ({})", limit.key.path(), limit.value, limit.source);
    if effective.source.is_written() {
        let message = format!(
            "`{}`: `{}` {original} ({}) does not fit, because {reason}; {} is used",
            resolved.service,
            key.path(),
            effective.source,
            effective.value
        );
        resolved.findings.push(Finding::new(FindingKind::Adjusted, &resolved.service, message));
    }
    effective.adjusted = Some(Adjustment { original, reason });
    resolved.put(effective);
}

/// Keys that cannot act: built-in ones disappear, written ones are marked.
fn mark_idle(resolved: &mut Resolved) {
    for key in Key::ALL.iter().copied() {
        // Asked first: a load comes here for each key of each call site.
        let Some(effective) = resolved.effective(key) else {
            continue;
        };
        let Some(idle) = idle_because(resolved, key) else {
            continue;
        };
        if !effective.source.is_written() {
            resolved.forget(key);
            continue;
        }
        // A clause is switched off on purpose; its keys wait for the day that it is on again.
        mark(resolved, key, &idle.reason(resolved), !matches!(idle, Idle::Off(_)));
    }
}

/// Marks a key as without effect, for whoever has settings explained; tells whoever wrote it, too, if there is something to mend.
fn mark(resolved: &mut Resolved, key: Key, reason: &str, is_told: bool) {
    let Some(effective) = resolved.effective_mut(key) else { return };
    let original = effective.value.clone();
    let source = effective.source.clone();
    effective.adjusted = Some(Adjustment { original, reason: format!("no effect: {reason}") });
    if is_told {
        let message = format!("`{}`: `{}` ({source}) has no effect: {reason}", resolved.service, key.path());
        resolved.findings.push(Finding::new(FindingKind::WithoutEffect, &resolved.service, message));
    }
}

/// Why a key cannot act. Words are made of it only for keys that somebody wrote: most keys are idle, and nobody asks.
#[derive(Debug)]
pub enum Idle {
    Off(Clause),
    Beside(Key),
}

impl Idle {
    fn reason(&self, resolved: &Resolved) -> String {
        match *self {
            Self::Off(clause @ Clause::AttemptTimeout) => format!("`{}` is not adaptive", clause.name()),
            Self::Off(clause) => format!("`{}` is off", clause.name()),
            Self::Beside(key) => {
                let value = resolved.value(key).map(ToString::to_string).unwrap_or_default();
                format!("`{}` is {value}", key.path())
            }
        }
    }
}

pub fn idle_because(resolved: &Resolved, key: Key) -> Option<Idle> {
    if is_off(resolved, key) {
        return Some(Idle::Off(clause_of(key)));
    }
    if let Some(by) = resolved.silenced(key) {
        return Some(Idle::Beside(by));
    }
    match (resolved.value(Key::Strategy), resolved.value(Key::BudgetKind)) {
        (Some(Value::Strategy(strategy)), _) if !acts_with_strategy(key, *strategy) => {
            Some(Idle::Beside(Key::Strategy))
        }
        (_, Some(Value::BudgetKind(kind))) if !acts_with_budget(key, *kind) => {
            Some(Idle::Beside(Key::BudgetKind))
        }
        _ => None,
    }
}

/// Whether the clause of the key is off.
fn is_off(resolved: &Resolved, key: Key) -> bool {
    let switch = switch_of(clause_of(key));
    switch.is_some_and(|(switch, on)| resolved.value(switch) != Some(&on))
}

impl Resolved {
    /// The key because of which this one does nothing.
    pub fn silenced(&self, key: Key) -> Option<Key> {
        silenced_by(key, |other| self.value(other))
    }
}

#[cfg(all(test, feature = "file"))]
mod tests;
