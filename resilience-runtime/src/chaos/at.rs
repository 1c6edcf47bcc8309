//! Compares where an attempt is made with the function or the partition that a rule names. In: its site, and the names of its
//! partition. Out: whether a target means it.

use resilience_settings::layers::site_facts::SiteFacts;

/// The attempt that asks.
pub(crate) struct At<'a> {
    pub(crate) facts: &'static SiteFacts,
    /// The names of its partition, if it has one: its label and its number.
    pub(crate) partition: &'a dyn Fn() -> Vec<String>,
}

impl At<'_> {
    /// Whether the function is called that, or its path ends with it.
    pub(super) fn is_site(&self, site: &str) -> bool {
        site == self.facts.function
            || site.contains("::") && {
                let path = self.facts.path();
                path.strip_suffix(site).is_some_and(|above| above.is_empty() || above.ends_with("::"))
            }
    }

    pub(super) fn is_partition(&self, name: &str) -> bool {
        (self.partition)().iter().any(|known| known == name)
    }
}
