//! Writes what `explain` says: the effective settings of a service, where each comes from, and that one has no effect (which
//! `inert` decides), as a table for people and as entries for programs.

use std::fmt;
use std::sync::Arc;

use crate::config::file::FileConfig;
use crate::explain::inert::{Inert, inert};
use crate::layers::ground::Ground;
use crate::layers::resolved::{Adjustment, Effective, Resolved};
use crate::layers::site_facts::SiteFacts;
use crate::policy::{Key, Patch, Shape, Sort, Value};
use crate::printable::{Printable, printable};

/// Every effective value of a service: where it comes from and what it hides.
///
/// `Display` prints a table, and below it the keys in which single call sites differ.
#[derive(Clone, Debug)]
pub struct Explanation {
    service: String,
    service_type: Option<Arc<str>>,
    entries: Vec<Effective>,
    sites: Vec<SiteExplanation>,
}

/// The keys in which one call site differs from its service.
#[derive(Clone, Debug)]
pub struct SiteExplanation {
    path: String,
    place: String,
    entries: Vec<Effective>,
}

impl Explanation {
    /// Explains a service; `sites` are its call sites.
    #[doc(hidden)]
    pub fn new(
        service: &str,
        sites: &[&SiteFacts],
        file: Option<&FileConfig>,
        update: Option<&Patch>,
    ) -> Self {
        let layers = Ground::new(file).layers(service, sites, update);
        let mut shared = layers.of_service();
        let unmarked = shared.clone();
        // A key that no site of the service can use, and why the first cannot.
        let mut idle_everywhere: Option<Vec<Inert>> = None;
        let of_site = |site: &&SiteFacts| {
            let mut own = layers.of_site(site);
            let idle = inert(site, &own);
            for one in &idle {
                own.mark(one);
            }
            let differs = |entry: &&Effective| {
                let key = entry.key();
                (key.info().sort == Sort::Call && unmarked.effective(key) != Some(*entry))
                    || idle.iter().any(|one| one.key == key)
            };
            let explained = SiteExplanation {
                path: site.path_among(sites.iter().copied()),
                place: format!("{}:{}", site.file, site.line),
                entries: own.iter().filter(differs).cloned().collect(),
            };
            match &mut idle_everywhere {
                None => idle_everywhere = Some(idle),
                Some(all) => all.retain(|one| idle.iter().any(|other| other.key == one.key)),
            }
            explained
        };
        let sites = sites.iter().map(of_site).filter(|site| !site.entries.is_empty()).collect();
        for one in idle_everywhere.iter().flatten() {
            shared.mark(one);
        }
        Self {
            service: service.to_owned(),
            service_type: shared.service_type.clone(),
            entries: shared.iter().cloned().collect(),
            sites,
        }
    }

    /// The name of the service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The label that the file gives it, if any.
    pub fn service_type(&self) -> Option<&str> {
        self.service_type.as_deref()
    }

    /// The values of the service, in the order of the documentation.
    pub fn entries(&self) -> &[Effective] {
        &self.entries
    }

    /// The call sites that differ from the service in some key.
    pub fn sites(&self) -> &[SiteExplanation] {
        &self.sites
    }
}

impl SiteExplanation {
    /// The site as overrides name it: `module::function`, or `module::Type::function`, unless another
    /// function of the service has the same: `<module::Type as Trait>::function`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where it stands: `src/search.rs:12`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The keys in which it differs.
    pub fn entries(&self) -> &[Effective] {
        &self.entries
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(&self.service))?;
        if let Some(label) = &self.service_type {
            write!(f, " ({})", Printable(label))?;
        }
        writeln!(f)?;
        write_table(f, &self.entries)?;
        for site in &self.sites {
            writeln!(f, "{} ({}) differs in", site.path, site.place)?;
            write_table(f, &site.entries)?;
        }
        Ok(())
    }
}

impl Resolved {
    /// Says that a key has no effect, and why.
    fn mark(&mut self, inert: &Inert) {
        if let Some(entry) = self.effective_mut(inert.key) {
            let original = entry.value.clone();
            entry.adjusted =
                Some(Adjustment { original, reason: format!("no effect here: {}", inert.reason) });
        }
    }
}

fn write_table(f: &mut fmt::Formatter<'_>, entries: &[Effective]) -> fmt::Result {
    let rows: Vec<[String; 4]> = entries.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (key, value, source) = (width(0), width(1), width(2));
    for [name, shown, from, remarks] in &rows {
        let line = format!("  {name:key$}  {shown:value$}  {from:source$}  {remarks}");
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}

fn row(entry: &Effective) -> [String; 4] {
    let mut remarks = Vec::new();
    if let Some(adjusted) = entry.adjusted() {
        let was = if adjusted.original() == entry.value() {
            String::new()
        } else {
            format!("was {}: ", adjusted.original())
        };
        remarks.push(format!("{was}{}", adjusted.reason()));
    }
    if !entry.hides().is_empty() {
        let hidden: Vec<String> = entry
            .hides()
            .iter()
            .map(|(source, value)| format!("{} ({source})", shown(entry.key(), value)))
            .collect();
        remarks.push(format!("hides {}", hidden.join(", ")));
    }
    let source = entry.source().to_string();
    [entry.key().path(), shown(entry.key(), entry.value()), source, printable(remarks.join("; "))]
}

/// `breaker = true` is what a file says; whether it is on is what a reader asks.
fn shown(key: Key, value: &Value) -> String {
    match value {
        Value::Switch(true) if key.info().shape == Shape::Table => "on".to_owned(),
        value => value.to_string(),
    }
}

#[cfg(all(test, feature = "file"))]
mod tests;
