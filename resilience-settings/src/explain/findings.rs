//! Decides how many findings of each kind are told, and counts those beside them. In: what a review finds. Out: as many as somebody
//! may read.

use crate::config::limits::MAX_FINDINGS;
use crate::layers::finding::{Finding, FindingKind};
use crate::sorted::sort;

/// The findings of one review.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Finding>,
    counts: Vec<(FindingKind, usize)>,
}

impl Findings {
    /// Adds a finding, which is put into words only if it is among the first of its kind.
    pub fn add(&mut self, kind: FindingKind, service: &str, message: impl FnOnce() -> String) {
        if self.counts_in(kind) {
            self.kept.push(Finding::new(kind, service, message()));
        }
    }

    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if self.counts_in(finding.kind()) {
                self.kept.push(finding);
            }
        }
    }

    /// Counts one of the kind; says whether it is among the first.
    fn counts_in(&mut self, kind: FindingKind) -> bool {
        let Some((_, count)) = self.counts.iter_mut().find(|(other, _)| *other == kind) else {
            self.counts.push((kind, 1));
            return true;
        };
        *count += 1;
        *count <= MAX_FINDINGS
    }

    /// The first of each kind, then how many more there are of which. `unseen` services were not asked for more than
    /// their names.
    pub fn finish(self, unseen: usize) -> Vec<Finding> {
        let Self { mut kept, counts } = self;
        let many = counts.into_iter().filter(|(_, count)| *count > MAX_FINDINGS);
        let mut left_out: Vec<Finding> = many
            .map(|(kind, count)| {
                let mut message = format!("and {} more {}", count - MAX_FINDINGS, kind.plural());
                if kind == FindingKind::UnknownService && unseen > 0 {
                    message.push_str("; the settings of ");
                    message.push_str(&unseen.to_string());
                    message.push_str(" of them were not compared with other layers");
                }
                Finding::new(kind, "", message)
            })
            .collect();
        sort(&mut left_out, |one, other| one.message().cmp(other.message()));
        kept.append(&mut left_out);
        kept
    }
}

/// The end of a finding about a name that nobody knows.
pub fn did_you_mean(guess: Option<&str>) -> String {
    guess.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
