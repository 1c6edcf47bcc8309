//! Reads a file for tools ([`ConfigFile`]): what it says about each service, without a program that it is in force for.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

#[cfg(feature = "advice")]
use crate::advice::{Advice, Question, advise};
use crate::config::chaos::ChaosRule;
use crate::config::entry::Entry;
use crate::config::error::ConfigError;
use crate::config::file::FileConfig;
use crate::config::limits::MAX_SIZE;
use crate::config::section::Section;
use crate::explain::explanation::Explanation;
use crate::explain::review::review_file;
use crate::layers::finding::Finding;
use crate::layers::ground::Ground;
use crate::layers::overrides::OverrideTarget;
use crate::names::Names;
use crate::policy::{CallPolicy, Key, Patch, ServiceKind, ServicePolicy, Value};
use crate::reader::chaos_table::ChaosTable;

/// A configuration that was read and checked, and is in force nowhere.
///
/// For tools that look at files: what a program does with one is decided by its attributes too, which stand above the file.
///
/// ```
/// use resilience_runtime::config::ConfigFile;
/// let file = ConfigFile::parse("[services.search]\nmax_attempts = 5\n", "resilience.toml")?;
/// assert_eq!(file.services().collect::<Vec<_>>(), ["search"]);
/// println!("{}", file.explain("search"));
/// # Ok::<(), resilience_runtime::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConfigFile(FileConfig);

impl ConfigFile {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has faults.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        FileConfig::load(path.as_ref()).map(Self)
    }

    /// Reads and checks what a stream has, such as the standard input; `origin` is how messages call it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has faults. Of a longer one than [16 MiB](crate::config::limits::MAX_SIZE) no more is read.
    pub fn read(stream: impl Read, origin: &str) -> Result<Self, ConfigError> {
        let mut bytes = Vec::new();
        let read = stream.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes);
        let content = read.and_then(|_| {
            if bytes.len() > MAX_SIZE {
                let message = format!("it has more than {MAX_SIZE} bytes (16 MiB), and no more are read");
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
            }
            Ok(bytes)
        });
        FileConfig::read(Path::new(origin), content).map(Self)
    }

    /// Checks a text; `origin` is how messages call it.
    ///
    /// # Errors
    ///
    /// When it has faults.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        FileConfig::parse(text, origin).map(Self)
    }

    /// How messages call it: its path, or what was given.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The services that have a table of their own, in the order of the file.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.0.service_names()
    }

    /// The templates that it has; that of a kind holds for all services of that kind.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.0.templates.iter().map(Entry::name)
    }

    /// The services that the file says something about, by a table, an override or a rule of chaos, in the order of the alphabet.
    pub fn named(&self) -> BTreeSet<String> {
        let overridden = self.0.overrides.iter().filter_map(|entry| OverrideTarget::parse(entry.name()).ok());
        let hit = self.0.chaos.iter().filter_map(ChaosRule::service).map(str::to_owned);
        self.services().map(str::to_owned).chain(overridden.map(|target| target.service)).chain(hit).collect()
    }

    /// The service that a misspelt name is most like, of those that the file says something about.
    pub fn nearest(&self, service: &str) -> Option<String> {
        let named = self.named();
        Names::new(&mut named.iter().map(String::as_str)).nearest(service).map(str::to_owned)
    }

    /// Overrides of single functions, `service@module::function`, with the keys that they write.
    pub fn function_overrides(&self) -> impl Iterator<Item = (&str, Vec<(Key, &Value)>)> {
        let of_functions = self.0.overrides.iter().filter(|entry| entry.section == Section::SiteOverride);
        of_functions.map(|entry| {
            let written = entry.values.iter().map(|written| (written.key, &written.value));
            (entry.name(), written.collect())
        })
    }

    /// Every key of `[global]` by its dotted path, with the value that it has or would have if it were written.
    pub fn global(&self) -> Vec<(&'static str, Value)> {
        self.0.global.values()
    }

    /// Whether it has a table `[global.shedding]`. Without one, a program that starts load shedding goes by built-in thresholds.
    pub fn has_shedding(&self) -> bool {
        self.0.global.written_shedding().is_some()
    }

    /// The rules of `[chaos]`, in the order of the file. They act only in a process that has called `testing::chaos::allow()`.
    pub fn chaos(&self) -> impl Iterator<Item = ChaosTable<'_>> {
        self.0.chaos.iter().map(ChaosTable)
    }

    /// Every setting of a service by this file alone, where each comes from, and what it hides. A service without a table of
    /// its own has the built-in values, and overrides that are aimed at it.
    pub fn explain(&self, service: &str) -> Explanation {
        Explanation::new(service, &[], Some(&self.0), None)
    }

    /// The same of a service of that kind of which the file says nothing.
    pub fn explain_kind(&self, kind: ServiceKind) -> Explanation {
        // No table has an empty name.
        Explanation::new("", &[], Some(&self.0), Some(&Patch::new().kind(kind)))
    }

    /// The settings of the calls of a service by this file alone.
    pub fn call_policy(&self, service: &str) -> CallPolicy {
        Ground::new(Some(&self.0)).layers(service, &[], None).of_service().call_policy()
    }

    /// The settings of what all calls of a service share, by this file alone.
    pub fn service_policy(&self, service: &str) -> ServicePolicy {
        Ground::new(Some(&self.0)).layers(service, &[], None).of_service().service_policy()
    }

    /// What is better changed, by the file and by what the question adds to it.
    ///
    /// ```
    /// use resilience_runtime::config::ConfigFile;
    /// use resilience_runtime::config::advice::{Question, patch};
    /// let file = ConfigFile::parse("[services.search]\nstrategy = \"linear\"\n", "resilience.toml")?;
    /// let advice = file.advise(&Question::default());
    /// assert_eq!(advice[0].rule.name(), "no_jitter");
    /// assert!(patch(&advice).is_some_and(|text| text.contains("jitter = 0.5")));
    /// # Ok::<(), resilience_runtime::ConfigError>(())
    /// ```
    #[cfg(feature = "advice")]
    pub fn advise(&self, question: &Question) -> Vec<Advice> {
        advise(&self.0, question)
    }

    /// What is allowed but likely not meant, as far as the file alone shows it: nothing about call sites.
    pub fn findings(&self) -> Vec<Finding> {
        review_file(&self.0)
    }
}
