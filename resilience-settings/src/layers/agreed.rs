//! Decides what the call sites of a service together say of it. In: the sites. Out: what they write for all of it, and where they
//! contradict one another.

use crate::layers::finding::{Finding, FindingKind};
use crate::layers::site_facts::SiteFacts;
use crate::layers::source::Source;
use crate::policy::{Key, Sort, Value};

/// The service keys that the call sites write. Where two differ neither counts, because link order would
/// decide between them: that is a finding.
pub fn agreed(service: &str, sites: &[&SiteFacts]) -> (Vec<(Key, Value, Source)>, Vec<Finding>) {
    let mut written = [const { Vec::<(Value, Source)>::new() }; Key::ALL.len()];
    for site in sites {
        for (key, value) in site.written(Sort::Service) {
            written[key as usize].push((value, site.source()));
        }
    }
    let (mut agreed, mut disputes) = (Vec::new(), Vec::new());
    for (&key, values) in Key::ALL.iter().zip(&written) {
        let Some((value, source)) = values.first().cloned() else {
            continue;
        };
        match values.iter().find(|(other, _)| *other != value) {
            None => agreed.push((key, value, source)),
            Some((other, elsewhere)) => {
                let kind = if key == Key::Kind {
                    FindingKind::ConflictingKinds
                } else {
                    FindingKind::ConflictingInline
                };
                let message = format!(
                    "`{service}`: `{}` is `{value}` at {source} and `{other}` at {elsewhere}; neither counts, the file \
                     or the template decides",
                    key.path()
                );
                disputes.push(Finding::new(kind, service, message));
            }
        }
    }
    (agreed, disputes)
}
