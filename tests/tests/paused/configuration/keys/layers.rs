//! The ways to set a key of functions that are compiled already. In: functions, a way, a key with its value, and the settings
//! around it. Out: settings that are in force, or the words of the refusal.

use resilience_runtime::config::Source;
use resilience_runtime::{Patch, registry};

use super::plain::BUILT;
use super::subject::{Subject, build_with};

/// Where a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    File,
    /// At run time: an update, or the builder of a handle, which has the layer of an attribute.
    Update,
    Override,
    /// An override of the function alone.
    SiteOverride,
}

impl Layer {
    /// Sets a key in this layer, for the services of all the functions.
    pub(super) fn configure(self, all: &[Subject], around: &str, setting: &str) -> Result<(), String> {
        // A key of the clause implies that already, and TOML allows only one of the two.
        let around = if setting.starts_with("attempt_timeout.") {
            around.replace("attempt_timeout = 'adaptive'", "")
        } else {
            around.to_owned()
        };
        if self == Self::Update {
            return update(all, &around, setting);
        }
        let text = |of: &Subject| {
            let Subject { service, path, .. } = of;
            let services = format!("[services.{service}]\n{around}\n");
            match self {
                Self::Override => format!("{services}[overrides.{service}]\n{setting}\n"),
                Self::SiteOverride => format!("{services}[overrides.\"{service}@{path}\"]\n{setting}\n"),
                Self::File | Self::Update => format!("{services}{setting}\n"),
            }
        };
        load(all.iter().map(text))
    }
}

/// Loads the tables of services.
pub(super) fn load(tables: impl Iterator<Item = String>) -> Result<(), String> {
    // Every function may call this one, and none of them is to notice what became of the calls before.
    let shared = "[services.inner_of_keys]\nbreaker = 'off'\nbudget = 'off'\n".to_owned();
    let text: String = std::iter::once(shared).chain(tables).collect();
    registry().load_config(&text, "walk.toml").map(drop).map_err(|error| error.to_string())
}

fn update(all: &[Subject], around: &str, setting: &str) -> Result<(), String> {
    let tables = |settings: &str| -> Vec<String> {
        all.iter().map(|of| format!("[services.{}]\n{settings}\n", of.service)).collect()
    };
    load(tables(setting).into_iter())?;
    let patches: Vec<Patch> = all.iter().map(patch).collect();
    load(tables(around).into_iter())?;
    for (of, patch) in all.iter().zip(patches) {
        if of.service == BUILT.service {
            build_with(patch);
        } else {
            registry().update_service(of.service, &patch).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// The values of a service as a file has them, and not as other settings leave them.
fn patch(of: &Subject) -> Patch {
    let explained = registry().explain(of.service).expect("the file has it");
    let in_file = explained.entries().iter().map(|entry| {
        let hidden = entry.hides().iter().find(|(source, _)| matches!(source, Source::File { .. }));
        let written = entry.adjusted().map_or(entry.value(), |adjusted| adjusted.original());
        let own = matches!(entry.source(), Source::File { .. }).then(|| written.clone());
        Some((entry.key(), hidden.map(|(_, value)| value.clone()).or(own)?))
    });
    in_file.flatten().collect()
}
