//! Rules of chaos that a file has for nothing. In: the file. Out: a finding for each, if the process does not allow them.

use resilience_settings::config::file::FileConfig;
use resilience_settings::layers::{Finding, FindingKind};

/// What keeps the rules of files from acting, if anything does.
#[cfg_attr(
    not(feature = "testing"),
    expect(clippy::unnecessary_wraps, reason = "with the feature there may be none")
)]
fn obstacle() -> Option<&'static str> {
    #[cfg(feature = "testing")]
    return (!crate::chaos::is_allowed()).then_some("this process has not called `testing::chaos::allow()`");
    #[cfg(not(feature = "testing"))]
    return Some("this program is built without feature `testing`");
}

/// The findings.
pub(super) fn of_chaos(file: Option<&FileConfig>) -> Vec<Finding> {
    let Some((file, obstacle)) = file.zip(obstacle()) else { return Vec::new() };
    let finding = |rule: &resilience_settings::config::chaos::ChaosRule| {
        let message =
            format!("`{}` in line {} of {} injects nothing: {obstacle}", rule.path(), rule.line, file.origin);
        Finding::new(FindingKind::IdleRule, rule.service().unwrap_or_default(), message)
    };
    file.chaos.iter().map(finding).collect()
}
