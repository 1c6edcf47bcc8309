//! Shows the effective settings of a service on the page: each value with its origin, the values that it hides, and the value that
//! was derived from it.

use resilience_settings::explain::Explanation;
use resilience_settings::layers::Effective;
use serde::Serialize;

/// The settings of a service.
#[derive(Serialize)]
pub(super) struct Configuration {
    settings: Vec<Setting>,
    /// Call sites whose settings differ.
    sites: Vec<SiteSettings>,
}

#[derive(Serialize)]
struct SiteSettings {
    function: String,
    place: String,
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: String,
    source: String,
    hides: Vec<Hidden>,
    /// The value as written, if it could not be used as it is.
    written: Option<String>,
    remark: Option<String>,
}

#[derive(Serialize)]
struct Hidden {
    value: String,
    source: String,
}

impl Configuration {
    pub(super) fn of(explanation: &Explanation) -> Self {
        let sites = explanation.sites().iter().map(|site| SiteSettings {
            function: site.path().to_owned(),
            place: site.place().to_owned(),
            settings: site.entries().iter().map(Setting::of).collect(),
        });
        Self { settings: explanation.entries().iter().map(Setting::of).collect(), sites: sites.collect() }
    }
}

impl Setting {
    fn of(entry: &Effective) -> Self {
        let hides = entry.hides().iter();
        Self {
            key: entry.key().path(),
            value: entry.value().to_string(),
            source: entry.source().to_string(),
            hides: hides
                .map(|(source, value)| Hidden { value: value.to_string(), source: source.to_string() })
                .collect(),
            written: entry.adjusted().map(|adjusted| adjusted.original().to_string()),
            remark: entry.adjusted().map(|adjusted| adjusted.reason().to_owned()),
        }
    }
}
