//! Reads the settings that a scenario is played with, out of a file of the user's. In: a TOML text and the name of a service in it.
//! Out: a policy, and what of it a simulation leaves out. The built-in ones are such texts too, so ours and a user's go the same
//! way.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use resilience_settings::config::ConfigError;
use resilience_settings::config::file::FileConfig;
use resilience_settings::duration::text;
use resilience_settings::explain::Explanation;
use resilience_settings::layers::{Adjustment, Effective, Source};
use resilience_settings::policy::{Backoff, Clause, Key, Mode, ServiceKind, Value};

use super::world::in_virtual_time;
use crate::registry::registry;

/// Settings of one service, as a file has them.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    file: Arc<FileConfig>,
    service: String,
    attempt_timeout: Duration,
    backoff: Option<Backoff>,
    hedges: bool,
    observes: bool,
    /// What has no effect. Last stands what has one where calls run in copies.
    ignored: Vec<String>,
    /// How many of them have no effect in any case.
    ignored_where_hedged: usize,
}

/// Why a file cannot be simulated.
#[derive(Debug)]
pub struct PolicyError(Why);

#[derive(Debug)]
enum Why {
    File(ConfigError),
    UnknownService { service: String, origin: String },
    NoTimeout { service: String },
    Unit { service: String, unit: Duration, place: String },
}

/// The shortest unit. A healthy server answers within a twentieth of it, and virtual time runs in whole milliseconds: below,
/// rounding would decide what comes out.
pub(super) const SHORTEST_UNIT: Duration = Duration::from_millis(20);

/// The longest. Runs take thousands of units, and what counts their nanoseconds ends after some centuries.
pub(super) const LONGEST_UNIT: Duration = Duration::from_hours(24);

impl Policy {
    /// The settings of a service in a TOML text; `origin` stands for the name of the file in messages.
    ///
    /// What only code can say has no effect here, and neither have rules of chaos: [`ignored`](Self::ignored) lists them.
    ///
    /// # Errors
    ///
    /// When the text is no valid configuration, does not have the service, or its attempt timeout cannot be the unit of time
    /// of a scenario: it is off, shorter than 20 ms, or longer than a day.
    pub fn from_toml(text: &str, origin: &str, service: &str) -> Result<Self, PolicyError> {
        let mut file = FileConfig::parse(text, origin).map_err(|error| PolicyError(Why::File(error)))?;
        // Whoever allows chaos in this process means calls of the process, and not those of a simulation.
        let chaos = std::mem::take(&mut file.chaos);
        let chaos = chaos.iter().filter(|rule| rule.is_aimed_at(service)).map(|rule| {
            format!("{}: a scenario makes its own trouble, and rules of chaos add nothing to it", rule.path())
        });
        let mut policy = in_virtual_time(0, move || async move { Self::read(file, origin, service) })?;
        for rule in chaos {
            policy.ignore(rule, false);
        }
        Ok(policy)
    }

    /// The same in a registry that nothing else uses.
    fn read(file: FileConfig, origin: &str, service: &str) -> Result<Self, PolicyError> {
        let registry = registry();
        registry.apply(file.clone());
        if registry.explain(service).is_none() {
            let (service, origin) = (service.to_owned(), origin.to_owned());
            return Err(PolicyError(Why::UnknownService { service, origin }));
        }
        // As a call by its name would: what such a call cannot make use of is marked then.
        let bound = registry.bind_by_name(service, ServiceKind::Generic, "simulate", Location::caller());
        let rules = bound.rules();
        let Some(unit) = rules.attempt_timeout else {
            return Err(PolicyError(Why::NoTimeout { service: service.to_owned() }));
        };
        let explanation = registry.explain(service);
        let entries = explanation.as_ref().map_or(&[][..], Explanation::entries);
        if !(SHORTEST_UNIT..=LONGEST_UNIT).contains(&unit) {
            let (service, place) = (service.to_owned(), place_of_timeout(entries));
            return Err(PolicyError(Why::Unit { service, unit, place }));
        }
        let mut policy = Self::of_file(&format!("{service} of {origin}"), file, service, unit);
        policy.backoff = Some(rules.backoff.clone());
        policy.hedges = rules.hedge.is_some();
        policy.observes = entries.iter().any(|entry| *entry.value() == Value::Mode(Mode::Observe));
        for entry in entries {
            // One that follows another key is written nowhere, and has its effect.
            let has_effect = |adjusted: &Adjustment| {
                adjusted.original() == entry.value() && !adjusted.reason().starts_with("no effect")
            };
            let adjusted = entry.adjusted().filter(|_| is_of_file(entry.source()));
            let Some(adjusted) = adjusted.filter(|adjusted| !has_effect(adjusted)) else { continue };
            let line = format!("{}: {}", entry.key().path(), adjusted.reason());
            // A handle runs no copies, which is the reason then.
            let key = entry.key();
            let is_of_hedge = key == Key::Hedge || key.info().clause == Clause::Hedge;
            policy.ignore(line, policy.hedges && is_of_hedge);
        }
        Ok(policy)
    }

    pub(super) fn of_file(name: &str, file: FileConfig, service: &str, attempt_timeout: Duration) -> Self {
        let (name, service) = (name.to_owned(), service.to_owned());
        let (backoff, hedges, observes, file) = (None, false, false, Arc::new(file));
        let (ignored, ignored_where_hedged) = (Vec::new(), 0);
        Self {
            name,
            file,
            service,
            attempt_timeout,
            backoff,
            hedges,
            observes,
            ignored,
            ignored_where_hedged,
        }
    }

    /// Lists what has no effect, at all or only in calls without copies.
    fn ignore(&mut self, line: String, acts_where_hedged: bool) {
        if acts_where_hedged {
            self.ignored.push(line);
        } else {
            self.ignored.insert(self.ignored_where_hedged, line);
            self.ignored_where_hedged += 1;
        }
    }

    /// What the rows and lines of a report call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The service that is simulated.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// How long one attempt may take; the ceiling, if it follows the latencies. All times of a scenario are multiples of it.
    pub fn attempt_timeout(&self) -> Duration {
        self.attempt_timeout
    }

    /// The keys of the file that have no effect here, each with the reason.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The same for calls that may run in copies, as those of an attribute with `hedge`.
    pub(super) fn ignored_where_hedged(&self) -> &[String] {
        &self.ignored[..self.ignored_where_hedged]
    }

    /// Whether calls that may run in copies do, if a user wrote it.
    pub(super) fn hedges(&self) -> bool {
        self.hedges
    }

    /// Whether it only says what it would do.
    pub(super) fn observes(&self) -> bool {
        self.observes
    }

    /// Its delays, if a user wrote it.
    pub(super) fn backoff(&self) -> Option<&Backoff> {
        self.backoff.as_ref()
    }

    /// Puts it in force in the registry of the current run.
    pub(super) fn put_in_force(&self) {
        registry().apply(FileConfig::clone(&self.file));
    }
}

fn is_of_file(source: &Source) -> bool {
    matches!(source, Source::File { .. } | Source::FileTemplate { .. } | Source::Override { .. })
}

/// Where the attempt timeout comes from, and what has shortened it.
fn place_of_timeout(entries: &[Effective]) -> String {
    let of = |key| entries.iter().find(|entry| entry.key() == key);
    let follows = of(Key::AttemptTimeout).is_some_and(|entry| *entry.value() == Value::Adaptive);
    let key = if follows { Key::TimeoutCeiling } else { Key::AttemptTimeout };
    let Some(timeout) = of(key) else { return String::new() };
    let adjusted = timeout.adjusted().map(|adjusted| format!("; {}", adjusted.reason()));
    format!(" ({}{})", timeout.source(), adjusted.unwrap_or_default())
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::File(error) => error.fmt(f),
            Why::UnknownService { service, origin } => write!(
                f,
                "`{origin}` has no settings for the service `{service}`: name one that stands under `[services]`"
            ),
            Why::NoTimeout { service } => write!(
                f,
                "`{service}` has no attempt timeout, which is the unit of time of a scenario: write `attempt_timeout`"
            ),
            Why::Unit { service, unit, place } => {
                write!(f, "`attempt_timeout` of `{service}` is {}{place}, ", text(*unit))?;
                let (bound, why) = if *unit < SHORTEST_UNIT {
                    (
                        "at least",
                        "virtual time runs in whole milliseconds, and a healthy server takes a twentieth of it",
                    )
                } else {
                    ("at most", "a scenario takes thousands of it")
                };
                let limit = text((*unit).clamp(SHORTEST_UNIT, LONGEST_UNIT));
                write!(
                    f,
                    "and a simulation needs {bound} {limit}: {why}; write `attempt_timeout = \"{limit}\"` in a copy of the \
                     file, and change its other times by the same factor"
                )
            }
        }
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Why::File(error) => Some(error),
            _ => None,
        }
    }
}
