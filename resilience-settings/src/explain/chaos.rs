//! Finds what is to be known of the rules of chaos in a file: whether they act only the program knows, and that they are there is
//! no accident that anybody should find out in production.

use std::cell::LazyCell;

use crate::config::chaos::ChaosRule;
use crate::config::entry::Entry;
use crate::config::file::FileConfig;
use crate::explain::findings::Findings;
use crate::layers::finding::FindingKind;
use crate::names::Names;
use crate::shown::clipped;

/// A finding for each rule.
pub(super) fn find_chaos(file: &FileConfig, findings: &mut Findings) {
    let names = LazyCell::new(|| Names::new(&mut file.services.iter().map(Entry::name)));
    for rule in &file.chaos {
        findings.add(FindingKind::IdleRule, rule.service().unwrap_or_default(), || {
            let (origin, line, target) = (&file.origin, rule.line, rule.target.as_deref().unwrap_or_default());
            format!(
                "{origin}:{line}: `{}` hits `{}` in a program that calls `testing::chaos::allow()`, and nothing in any other{}",
                rule.path(),
                clipped(target),
                misspelt(rule, file, &names).unwrap_or_default(),
            )
        });
    }
}

/// A service that the target may be misspelt for, if the file has none of that name.
fn misspelt(rule: &ChaosRule, file: &FileConfig, names: &Names<'_>) -> Option<String> {
    let service = rule.service().filter(|service| !file.has_service(service))?;
    let near = names.nearest(service)?;
    Some(format!("; the file has no `{}`, did you mean `{}`?", clipped(service), clipped(near)))
}
