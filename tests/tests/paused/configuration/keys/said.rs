//! What is reported about a key at functions. In: a key and functions. Out: for each whether there is a finding that names key,
//! site and reason, and whether explanations show it as without effect there.

use resilience_runtime::config::FindingKind;
use resilience_runtime::registry;

use super::subject::Subject;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    is_found: bool,
    is_shown: bool,
}

impl Said {
    /// What is said of each of these keys at the function beside it. Findings are of all functions, and take long to find.
    pub(super) fn of(all: impl IntoIterator<Item = (Subject, String)>) -> Vec<Self> {
        let findings = registry().findings();
        let effectless = |kind| findings.iter().filter(move |finding| finding.kind() == kind);
        let count = effectless(FindingKind::WithoutEffect).count();
        assert!(count < 100, "{count} findings, of which some may have been left out");
        let one = |(of, key): (Subject, String)| {
            let is_found = effectless(FindingKind::WithoutEffect).any(|finding| {
                let message = finding.message();
                let is_about = message.contains(&format!("`{key}` (")) && message.contains(of.path);
                is_about && finding.service() == of.service && message.contains("has no effect in")
            });
            Self { is_found, is_shown: is_shown(of, &key) }
        };
        all.into_iter().map(one).collect()
    }

    /// What is wrong, if anything, about what is said of a key that acts, or does not.
    pub(super) fn fault(self, acts: bool) -> Option<String> {
        let Self { is_found, is_shown } = self;
        (acts == is_found || is_found != is_shown)
            .then(|| format!("acts {acts}, found {is_found}, shown as without effect {is_shown}"))
    }
}

/// Among the keys of the service, which all call sites share, or those in which the function differs.
fn is_shown(of: Subject, key: &str) -> bool {
    let explained = registry().explain(of.service).expect("it is known").to_string();
    let is_site = |line: &&str| line.ends_with(" differs in");
    let mut all = explained.lines().take_while(|line| !is_site(line));
    let is_own = |line: &&str| is_site(line) && line.contains(&format!("{} (", of.path));
    let own = explained.lines().skip_while(|line| !is_own(line)).skip(1);
    let mut own = own.take_while(|line| !is_site(line));
    let marks = |line: &str| line.split_whitespace().next() == Some(key) && line.contains("no effect here: ");
    all.any(marks) || own.any(marks)
}
