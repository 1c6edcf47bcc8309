//! The settings that a scenario is played with. In: a TOML text and the name of a service in it. Out: a policy, and what of it
//! a simulation leaves out. The built-in ones are such texts too, so ours and a user's go the same way.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use resilience_settings::config::ConfigError;
use resilience_settings::explain::Explanation;
use resilience_settings::layers::Source;
use resilience_settings::policy::ServiceKind;

use super::world::in_virtual_time;
use crate::registry::registry;

/// Settings of one service, as a file has them.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    toml: String,
    service: String,
    attempt_timeout: Duration,
    ignored: Vec<String>,
}

/// Why a file cannot be simulated.
#[derive(Debug)]
pub struct PolicyError(Why);

#[derive(Debug)]
enum Why {
    File(ConfigError),
    UnknownService { service: String, origin: String },
    NoTimeout { service: String },
}

/// The service of the built-in policies.
const SERVICE: &str = "dependency";

impl Policy {
    /// The settings of a service in a TOML text; `origin` stands for the name of the file in messages.
    ///
    /// What only code can say has no effect here: [`ignored`](Self::ignored) lists it.
    ///
    /// # Errors
    ///
    /// When the text is no valid configuration, does not have the service, or switches its attempt timeout off, which is the
    /// unit of time of a scenario.
    pub fn from_toml(text: &str, origin: &str, service: &str) -> Result<Self, PolicyError> {
        in_virtual_time(0, || async { Self::read(text, origin, service) })
    }

    /// The same in a registry that nothing else uses.
    fn read(text: &str, origin: &str, service: &str) -> Result<Self, PolicyError> {
        let registry = registry();
        registry.load_config(text, origin).map_err(|error| PolicyError(Why::File(error)))?;
        if registry.explain(service).is_none() {
            let (service, origin) = (service.to_owned(), origin.to_owned());
            return Err(PolicyError(Why::UnknownService { service, origin }));
        }
        // As a call by its name would: what such a call cannot make use of is marked then.
        let bound = registry.bind_by_name(service, ServiceKind::Generic, "simulate", Location::caller());
        let Some(attempt_timeout) = bound.rules().attempt_timeout else {
            return Err(PolicyError(Why::NoTimeout { service: service.to_owned() }));
        };
        let explanation = registry.explain(service);
        let entries = explanation.as_ref().map_or(&[][..], Explanation::entries).iter();
        let ignored = entries
            .filter(|entry| {
                matches!(
                    entry.source(),
                    Source::File { .. } | Source::FileTemplate { .. } | Source::Override { .. }
                )
            })
            .filter_map(|entry| Some(format!("{}: {}", entry.key().path(), entry.adjusted()?.reason())))
            .collect();
        let (toml, service) = (text.to_owned(), service.to_owned());
        Ok(Self { name: format!("{service} of {origin}"), toml, service, attempt_timeout, ignored })
    }

    /// A built-in one: the defaults with these keys, and no cap on retries at once unless the defaults are meant.
    fn built_in(name: &str, attempt_timeout: Duration, keys: &str, has_cap: bool) -> Self {
        let cap = if has_cap { 100 } else { u32::MAX };
        let millis = attempt_timeout.as_millis();
        let toml = format!(
            "[global]\nmax_concurrent_retries_global = {cap}\n\n\
             [services.{SERVICE}]\nattempt_timeout = \"{millis}ms\"\n{keys}"
        );
        let (name, service) = (name.to_owned(), SERVICE.to_owned());
        Self { name, toml, service, attempt_timeout, ignored: Vec::new() }
    }

    /// Our defaults with that attempt timeout: three attempts, a budget of a tenth, a breaker.
    pub(super) fn defaults(attempt_timeout: Duration) -> Self {
        Self::built_in("defaults", attempt_timeout, "", true)
    }

    /// One attempt, and nothing that keeps it back.
    pub(super) fn no_retry(attempt_timeout: Duration) -> Self {
        Self::built_in(
            "no retry",
            attempt_timeout,
            "max_attempts = 1\nbreaker = false\nbudget = false\n",
            false,
        )
    }

    /// Three attempts, and nothing that keeps them back.
    pub(super) fn plain_retries(attempt_timeout: Duration) -> Self {
        Self::built_in("plain retries", attempt_timeout, "breaker = false\nbudget = false\n", false)
    }

    /// The defaults without the breaker.
    pub(super) fn budget_alone(attempt_timeout: Duration) -> Self {
        Self::built_in("budget alone", attempt_timeout, "breaker = false\n", true)
    }

    /// The defaults with further keys of the service, a line each.
    pub(super) fn with(name: &str, attempt_timeout: Duration, keys: &str) -> Self {
        Self::built_in(name, attempt_timeout, keys, false)
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

    /// Puts it in force in the registry of the current run.
    pub(super) fn put_in_force(&self) {
        if let Err(error) = registry().load_config(&self.toml, &self.name) {
            // That of a user was loaded once when it was made, and ours are in the tests.
            unreachable!("the settings of `{}`: {error}", self.name);
        }
    }
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
