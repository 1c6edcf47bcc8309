//! Shows a rule of `[chaos]` in a file to tools: its name, whom it hits, and its keys as a file says them.

use crate::config::chaos::ChaosRule;

/// A rule of `[chaos]`, as a file says it.
///
/// ```
/// use resilience_runtime::config::ConfigFile;
/// let text = "[chaos.slow]\ntarget = \"db@load\"\nlatency = 'normal(200ms, 50ms)'\n";
/// let file = ConfigFile::parse(text, "resilience.toml")?;
/// let rule = file.chaos().next().expect("a rule");
/// assert!(rule.is_aimed_at("db") && !rule.is_aimed_at("search"));
/// assert_eq!(rule.settings()[1], ("latency", "normal(200ms, 50ms)".to_owned()));
/// # Ok::<(), resilience_runtime::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ChaosTable<'f>(pub(super) &'f ChaosRule);

impl<'f> ChaosTable<'f> {
    /// The name under which its injections are counted.
    pub fn name(&self) -> &'f str {
        &self.0.name
    }

    /// Its path in messages: `chaos.NAME`.
    pub fn path(&self) -> String {
        self.0.path()
    }

    /// The line of its name.
    pub fn line(&self) -> u32 {
        self.0.line
    }

    /// Whom it hits: `db`, `db@load` for a function, or `*` for every service.
    pub fn target(&self) -> &'f str {
        self.0.target.as_deref().unwrap_or_default()
    }

    /// Whether it hits the service, or a function of it.
    pub fn is_aimed_at(&self, service: &str) -> bool {
        self.0.is_aimed_at(service)
    }

    /// Each key that has an effect, with its value in the notation of files.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.0.said()
    }
}
