//! Data: the settings of a breaker with the slices of its window, derived once and not for each vote.

use resilience_settings::policy::BreakerSettings;

use crate::counting::slices::Slices;

/// Settings and derived values that a breaker decides by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    /// The settings.
    pub(crate) settings: &'a BreakerSettings,
    /// The slices of its time window.
    pub(crate) slices: Slices,
}

impl<'a> Rules<'a> {
    /// Derives the slices. Code that stores settings stores the slices beside them instead.
    pub(crate) fn of(settings: &'a BreakerSettings) -> Self {
        Self { settings, slices: Slices::of_breaker(settings) }
    }
}

/// The slices of the settings' time window; the default ones while the breaker is off (`None`).
#[inline]
pub(crate) fn slices(settings: Option<&BreakerSettings>) -> Slices {
    settings.map_or(Slices::DEFAULT, Slices::of_breaker)
}
