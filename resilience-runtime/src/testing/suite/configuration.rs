//! Runs the stage of a suite that looks at settings. In: a file, if one is named, and the registry in force. Out: what is wrong
//! with them.

use std::fmt::Write as _;

use resilience_settings::suggest::some;
use tokio::time::Instant;

use super::builder::TestSuite;
use super::expectation::Expectation;
use super::outcome::{Stage, StageKind};
use crate::registry::registry;
use crate::testing::prose::counted;

/// Puts the file in force, and reviews what is in force then.
pub(super) fn configuration(suite: &TestSuite) -> Stage {
    let began = Instant::now();
    let mut expectations = Vec::new();
    #[cfg(feature = "config")]
    if let Some(path) = &suite.config_file {
        let loaded = registry().load_config_from_file(path);
        let found = match &loaded {
            Ok(_) => "loaded".to_owned(),
            Err(error) => error.to_string(),
        };
        expectations.push(Expectation::of(format!("`{}` is valid", path.display()), loaded.is_ok(), found));
    }
    let findings = registry().findings();
    let services = registry().services();
    let mut names: Vec<_> = services.iter().map(|service| service.name()).collect();
    names.extend(registry().inventory().iter().map(|site| site.service()));
    names.sort_unstable();
    names.dedup();
    let count = counted(findings.len(), "finding");
    let (expected, mut found) = if suite.allows_findings {
        ("the settings in force are read", format!("{count}, allowed"))
    } else {
        ("the settings in force leave no question", count)
    };
    let _ = write!(found, "; services: {}", some(&mut names.iter().copied(), names.len()));
    for finding in &findings {
        let _ = write!(found, "\n{finding}");
    }
    expectations.push(Expectation::of(expected, findings.is_empty() || suite.allows_findings, found));
    Stage {
        kind: StageKind::Configuration,
        name: suite.name.clone(),
        lasted: began.elapsed(),
        expectations,
        report: None,
    }
}
