//! Makes a call site for a handle, and decides how many names and settings one place may have. In: a handle or a `resilient_call`
//! at its first use. Out: a call site made for it, as no attribute wrote one.
//!
//! A site is kept for ever, so what comes from outside must not make them without bound: names of services above
//! [`MAX_NAMES_AT_RUN_TIME`] share one service, and a place with more than [`MAX_SETTINGS_OF_A_PLACE`] different settings
//! goes on with those that it had first. Either is a [`Finding`].

use std::fmt;
use std::panic::Location;

use resilience_settings::layers::{Finding, FindingKind};
use resilience_settings::policy::{Key, Patch, Value};
use resilience_settings::shown::clipped;

use resilience_settings::config::limits::{MAX_NAME, MAX_NAMES_AT_RUN_TIME, MAX_SETTINGS_OF_A_PLACE};

use super::timers_needed::require_timers;
use super::unwritten::CallPlace;
use crate::registry::announce::announce;
use crate::registry::registry::Registry;
use crate::registry::site::BoundSite;
use crate::registry::site::Site;

/// The service of all names for which there is no room.
const OTHERS: &str = "(other names)";

/// Who calls, whom, and with which settings: all that a site is made from.
#[derive(Debug)]
pub(crate) struct Definition<'d> {
    pub(crate) service: &'d str,
    pub(crate) caller: &'static str,
    pub(crate) at: &'static Location<'static>,
    pub(crate) settings: &'d Patch,
}

impl fmt::Display for Definition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of the service `{}` ({})", self.caller, clipped(self.service), self.at)
    }
}

impl Definition<'_> {
    /// The site of it, for the service that it gets.
    fn site(&self, service: &str) -> &'static Site {
        let inline: Vec<(Key, Value)> =
            self.settings.iter().map(|(key, value)| (key, value.clone())).collect();
        let service = String::leak(service.to_owned());
        Box::leak(Box::new(Site::unwritten(service, self.caller, self.at, Vec::leak(inline))))
    }
}

impl Registry {
    /// The binding of a site that no attribute wrote.
    pub(crate) fn bind_unwritten(&'static self, definition: &Definition<'_>) -> &'static BoundSite {
        let at = definition.at;
        let mut place = CallPlace {
            service: definition.service.to_owned(),
            file: at.file(),
            line: at.line(),
            column: at.column(),
        };
        let settings = format!("{:?}", definition.settings);
        if let Some(bound) = self.lock().unwritten.get(&place, &settings) {
            return bound;
        }
        // Before anything is kept for ever, and not under a lock: it may panic.
        require_timers(definition);
        // Under the lock of the configuration, so that two callers at once make one site.
        let mut configuration = self.lock();
        let mut finding = None;
        let mut is_new_name = !configuration.knows(definition.service);
        if is_new_name
            && (configuration.unwritten.names >= MAX_NAMES_AT_RUN_TIME || place.service.len() > MAX_NAME)
        {
            is_new_name = false;
            OTHERS.clone_into(&mut place.service);
            finding = configuration.note(place.clone(), || too_many_names(definition));
        }
        let known = configuration.unwritten.get(&place, &settings);
        let crowded = if known.is_some() { None } else { configuration.unwritten.oldest_of_crowded(&place) };
        if crowded.is_some() {
            let told = configuration.note(place.clone(), || too_many_settings(definition));
            finding = finding.or(told);
        }
        let mut woken = None;
        let bound = known.or(crowded).unwrap_or_else(|| {
            let site = definition.site(&place.service);
            woken = Some(self.learn_locked(&mut configuration, site));
            let bound = self.bind_locked(&mut configuration, site);
            configuration.unwritten.sites.entry(place).or_default().push((settings, bound));
            configuration.unwritten.names += usize::from(is_new_name);
            bound
        });
        drop(configuration);
        if let Some(woken) = woken {
            woken.wake();
        }
        announce(finding.as_slice());
        bound
    }
}

#[cold]
fn too_many_names(definition: &Definition<'_>) -> Finding {
    Finding::new(
        FindingKind::TooMany,
        OTHERS,
        format!(
            "{definition}: more than {MAX_NAMES_AT_RUN_TIME} services that neither an attribute nor the file names, or a \
             name of more than {MAX_NAME} bytes; from here on such names share one service, `{OTHERS}`. Tenants, hosts \
             and other names that come from outside are partitions of one service: `.partition(name)`"
        ),
    )
}

#[cold]
fn too_many_settings(definition: &Definition<'_>) -> Finding {
    Finding::new(
        FindingKind::TooMany,
        definition.service,
        format!(
            "{definition}: made with more than {MAX_SETTINGS_OF_A_PLACE} different settings; further ones go by the first. \
             Make a handle once and clone it; what differs from call to call is said at the call: `.deadline(…)`, \
             `.priority(…)`, `.partition(…)`"
        ),
    )
}
