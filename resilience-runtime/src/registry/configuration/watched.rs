//! Puts a followed file in force, and again after each change; that it has changed, `config/watch` decides. In: a path. Out: its
//! settings in force, for as long as the file is followed.

use std::io;
use std::path::{Path, PathBuf};

use resilience_settings::config::ConfigError;
use resilience_settings::layers::Finding;

use resilience_settings::config::patch::already_followed;

use resilience_settings::config::file::FileConfig;

use crate::config::watch::{Watch, watch};
use crate::events::{Event, Rare, emit};
use crate::registry::global::registry;
use crate::registry::registry::Registry;
use crate::wakers::shielded;

/// Follows a configuration file until dropped. Made by [`watch_config_file`].
#[derive(Debug)]
#[must_use = "the file is followed only as long as this is kept: bind it to a name, as in `let _watch = …`; `let _` drops it at once"]
pub struct ConfigWatch {
    _watch: Watch,
    // Behind the watch: whoever follows another file from then on is alone.
    _lock: FollowLock,
    path: PathBuf,
    findings: Vec<Finding>,
}

/// Held while a registry follows a file, of which it follows one at a time.
#[derive(Debug)]
struct FollowLock(&'static Registry);

impl FollowLock {
    fn take(registry: &'static Registry, path: &Path) -> Result<Self, ConfigError> {
        let mut configuration = registry.lock();
        if let Some(other) = &configuration.followed {
            return Err(already_followed(path, other));
        }
        configuration.followed = Some(path.to_owned());
        Ok(Self(registry))
    }
}

impl Drop for FollowLock {
    fn drop(&mut self) {
        self.0.lock().followed = None;
    }
}

impl ConfigWatch {
    /// The file that is followed, from the root on.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the first load found worth saying: shadowed keys, names that match nothing.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Puts the settings of a TOML file in force, all or nothing. No port is opened and nothing is started.
///
/// Returns what is worth knowing though nothing is wrong: keys that a call site shadows, services that no
/// site names. The same goes to the log. Of each kind there are at most 100, and one more that says how many are left out.
///
/// # Errors
///
/// When the file cannot be read, or anything in it is wrong: all faults at once, each with its line; the first 100 are
/// shown, the others counted. The settings that were in force stay.
///
/// A relative path is resolved once, now, and shown from the root on.
///
/// Only regular files are read, of at most [16 MiB](resilience_settings::config::limits::MAX_SIZE). A pipe, a device, a socket or a
/// folder is refused at once. The other [limits](crate::config#limits) bound what reading takes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("resilience.toml");
/// # std::fs::write(&path, "[services.claude_api]\nmax_attempts = 5\n")?;
/// for finding in resilience_runtime::load_config_from_file(&path)? {
///     eprintln!("{finding}");
/// }
/// # Ok(())
/// # }
/// ```
pub fn load_config_from_file(path: impl AsRef<Path>) -> Result<Vec<Finding>, ConfigError> {
    registry().load_config_from_file(path.as_ref())
}

/// Loads a file as [`load_config_from_file`] does, and follows it: a change on disk is in force within a
/// second, whether the file was written in place, renamed over, or swapped by a symbolic link above it.
///
/// A changed file that is not valid changes nothing: it is logged as an error once, counted in
/// [`Registry::reloads`], and the last good settings stay in force. So it is when something else comes in the place of
/// the file, such as a pipe or a folder, or when it becomes longer than what is read; and when it is missing, cannot be
/// opened, or has become empty, for two seconds, which editors may take to write it anew. It is in force again, and that
/// is logged, when it is back.
///
/// The file is looked for where the path leads now, whatever becomes the current directory later. While nothing happens to
/// it, it is not read: four times a second the system is asked which file it is, and for its size and times.
///
/// # Errors
///
/// When the first load fails, the file system cannot be watched, or another file is followed already: each of two would
/// take the place of the other whenever it changes.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let _watch = resilience_runtime::watch_config_file("resilience.toml")?;
/// # Ok(())
/// # }
/// ```
pub fn watch_config_file(path: impl AsRef<Path>) -> Result<ConfigWatch, ConfigError> {
    registry().watch_config_file(path.as_ref())
}

impl Registry {
    /// [`load_config_from_file`] for this registry.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn load_config_from_file(&self, path: &Path) -> Result<Vec<Finding>, ConfigError> {
        // What is kept of it, for explanations and the dashboard, leads to the same file wherever the program is later.
        let path = &std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let checked = FileConfig::load(path);
        let services = checked.as_ref().map_or(0, |file| file.service_names().count());
        let findings = self.put_in_force(checked)?;
        let path = &*path.to_string_lossy();
        // It is in force: whoever listens and panics does not make this fail.
        shielded(|| emit(&Event::Rare(Rare::ConfigurationLoaded { path, services }), &()));
        Ok(findings)
    }

    /// Puts the settings of a TOML text in force; `origin` stands for the file name in messages.
    ///
    /// # Errors
    ///
    /// As [`load_config_from_file`].
    pub fn load_config(&self, text: &str, origin: &str) -> Result<Vec<Finding>, ConfigError> {
        self.put_in_force(FileConfig::parse(text, origin))
    }

    /// [`watch_config_file`] for this registry.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn watch_config_file(&'static self, path: &Path) -> Result<ConfigWatch, ConfigError> {
        // Once: a later change of the current directory would lead elsewhere.
        let path = std::path::absolute(path).map_err(|cause| ConfigError::unreadable(path, cause))?;
        let lock = FollowLock::take(self, &path)?;
        let followed = path.clone();
        let mut was_refused = false;
        // Follow first and load then: a change between the two would be missed the other way round.
        let watch = watch(&path, move |content| self.reload(&followed, content, &mut was_refused))
            .map_err(|cause| ConfigError::unreadable(&path, cause))?;
        let findings = self.load_config_from_file(&path)?;
        Ok(ConfigWatch { _watch: watch, _lock: lock, path, findings })
    }

    /// Puts what a followed file has become in force, and says so when that is done: a subscriber may panic.
    fn reload(&self, path: &Path, content: io::Result<Vec<u8>>, was_refused: &mut bool) {
        let outcome = self.put_in_force(FileConfig::read(path, content));
        let is_back = std::mem::replace(was_refused, outcome.is_err()) && outcome.is_ok();
        let path = &*path.to_string_lossy();
        emit(
            &Event::Rare(match &outcome {
                Ok(_) => Rare::ConfigurationReloaded { path, is_back },
                Err(error) => Rare::ConfigurationRefused { path, error },
            }),
            &(),
        );
    }

    fn put_in_force(&self, checked: Result<FileConfig, ConfigError>) -> Result<Vec<Finding>, ConfigError> {
        match checked {
            Ok(file) => Ok(self.apply(file)),
            Err(error) => {
                self.lock().refused();
                shielded(|| emit(&Event::Rare(Rare::ConfigurationTurnedDown), &self.shared.history));
                Err(error)
            }
        }
    }
}
