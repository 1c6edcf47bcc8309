//! Writes the default file to a path, and checks a text without loading it. In: a path. Out: a complete configuration file there to
//! start from; or the faults of a text, without loading it.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use crate::config::error::ConfigError;
use crate::config::file::FileConfig;
use crate::reader::default_file::default_file;

/// Writes a configuration file that explains every key.
///
/// All services keep their defaults until a line is changed. An existing file is never overwritten.
///
/// # Errors
///
/// When the file exists already or cannot be written; the message names the path.
pub fn create_default_config_file(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    created.and_then(|mut file| file.write_all(default_file().as_bytes())).map_err(|cause| {
        let remedy = match cause.kind() {
            io::ErrorKind::AlreadyExists => "; it is kept as it is, choose another path or move it away",
            io::ErrorKind::NotFound => "; create its folder first",
            _ => "",
        };
        let message = format!("cannot create the configuration file `{}`: {cause}{remedy}", path.display());
        io::Error::new(cause.kind(), message)
    })
}

/// The text of the file that [`create_default_config_file`] writes.
pub fn default_config() -> String {
    default_file()
}

/// Checks a configuration text without applying it. The [limits](crate::config::limits) of a file hold for it as well.
///
/// ```
/// use resilience_runtime::config::validate_config;
/// assert!(validate_config("[services.search]\nmax_attempts = 5\n").is_ok());
/// ```
///
/// # Errors
///
/// When the text has faults: all of them at once, each with its line, of which the first 100 are shown and the others
/// counted. When it is longer than [16 MiB](crate::config::limits::MAX_SIZE), without a look at it.
pub fn validate_config(text: &str) -> Result<(), ConfigError> {
    FileConfig::parse(text, "configuration").map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::chaos::KEYS;
    use crate::config::global_keys;
    use crate::layers::ground::resolve_service;
    use crate::layers::templates::defaults;
    use crate::policy::{Key, Shape, SheddingSettings};
    use crate::rules::accepted::words;

    /// The file with every setting made active.
    fn uncommented() -> String {
        let active = |line: &str| {
            let setting = line.strip_prefix('#').filter(|rest| !rest.is_empty() && !rest.starts_with(' '));
            setting.unwrap_or(line).to_owned()
        };
        default_file().lines().map(active).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_default_file_loads_and_changes_nothing() {
        let file = FileConfig::parse(&default_file(), "default.toml").expect("loads");
        let with = resolve_service("any", &[], Some(&file), None);
        let without = resolve_service("any", &[], None, None);
        assert_eq!(with.call_policy(), without.call_policy());
        assert_eq!(with.service_policy(), without.service_policy());
    }

    #[test]
    fn every_setting_of_the_default_file_loads_when_made_active_and_is_the_default() {
        let file =
            FileConfig::parse(&uncommented(), "default.toml").unwrap_or_else(|error| panic!("{error}"));
        let example = resolve_service("other", &[], Some(&file), None);
        assert_eq!(example.call_policy(), resolve_service("other", &[], None, None).call_policy());
        // The examples that choose a variant, and the clauses: written is on.
        let is_choice = |key: Key, entry: &str| {
            key.info().shape == Shape::Table
                || entry != "example"
                    && matches!(key, Key::BudgetKind | Key::BulkheadAdaptive | Key::AttemptTimeout)
        };
        for (key, value) in defaults().iter() {
            for entry in file.services.iter().filter(|entry| !is_choice(key, entry.name())) {
                let written = entry.values.get(key).map(|written| &written.value);
                assert!(written.is_none_or(|written| written == value), "{}: {}", entry.name(), key.path());
            }
        }
        let shedding = SheddingSettings { enabled: true, ..SheddingSettings::default() };
        assert_eq!(file.global().shedding, shedding);
    }

    #[test]
    fn the_default_file_names_every_key() {
        let file =
            FileConfig::parse(&uncommented(), "default.toml").unwrap_or_else(|error| panic!("{error}"));
        for key in Key::ALL.iter().copied() {
            let is_active = file.services.iter().any(|entry| entry.values.get(key).is_some());
            // Beside the built-in values of others it has no effect, and is refused.
            let name = key.info().name;
            let is_shown = default_file().contains(&format!("` it has no effect.\n# {name} = "));
            assert!(is_active || is_shown, "{}", key.path());
        }
        for key in global_keys() {
            let name = key.strip_prefix("shedding.").unwrap_or(&key);
            assert!(file.global().line_of(name).is_some(), "{key}");
        }
        for key in KEYS {
            let is_shown = default_file().contains(&format!("# Not beside `error`.\n# {} = ", key.name));
            assert!(is_shown || file.chaos[0].span_of(key.name).is_some(), "{}", key.name);
        }
    }

    #[test]
    fn the_default_file_names_every_word() {
        for key in Key::ALL {
            for word in words(key.info().shape) {
                let path = key.path();
                assert!(default_file().contains(word), "{word} of {path}");
            }
        }
    }

    #[test]
    fn an_existing_file_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("resilience.toml");
        create_default_config_file(&path).expect("the first is written");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), default_file());
        std::fs::write(&path, "mine").expect("writable");
        let error = create_default_config_file(&path).expect_err("the second is refused");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(error.to_string().contains("resilience.toml"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "mine");
    }
}
