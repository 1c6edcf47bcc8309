//! Finds rules of chaos that inject nothing. In: those of the file, and those that are armed. Out: a finding for each that the
//! process does not allow, or that no call site is meant by.

use resilience_settings::config::file::FileConfig;
#[cfg(feature = "testing")]
use resilience_settings::explain::findings::did_you_mean;
#[cfg(feature = "testing")]
use resilience_settings::layers::site_facts::SiteFacts;
use resilience_settings::layers::{Finding, FindingKind};
#[cfg(feature = "testing")]
use resilience_settings::suggest::nearest;

#[cfg(feature = "testing")]
use crate::chaos::{Chaos, Target};
#[cfg(feature = "testing")]
use crate::clock::Tick;

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

/// The findings about what is armed. A handle that is made later is a call site from then on, so that this is asked anew each
/// time.
#[cfg(feature = "testing")]
pub(super) fn of_armed<S: AsRef<[&'static SiteFacts]>>(
    chaos: &Chaos,
    now: Tick,
    sites: impl FnOnce() -> S,
) -> Vec<Finding> {
    if !chaos.is_armed() {
        return Vec::new();
    }
    let sites = sites();
    let sites = sites.as_ref();
    let finding = |(rule, target): (String, Target)| {
        let message = format!("chaos rule `{rule}` injects nothing: {}", aimless(&target, sites)?);
        Some(Finding::new(FindingKind::IdleRule, target.service.as_deref().unwrap_or_default(), message))
    };
    chaos.targets(now).into_iter().filter_map(finding).collect()
}

/// Why no call site is meant by a target, if none is.
#[cfg(feature = "testing")]
pub(super) fn aimless(target: &Target, sites: &[&'static SiteFacts]) -> Option<String> {
    (!sites.iter().any(|site| target.is_aimed_at(site))).then(|| why_aimless(target, sites))
}

#[cfg(feature = "testing")]
fn why_aimless(target: &Target, sites: &[&'static SiteFacts]) -> String {
    let is_service =
        |site: &&&'static SiteFacts| target.service.as_ref().is_none_or(|name| name == site.service);
    match (&target.service, &target.site) {
        (Some(service), site) if site.is_none() || !sites.iter().any(|site| is_service(&site)) => {
            let near = nearest(service, &sites.iter().map(|site| site.service).collect::<Vec<_>>());
            format!("no call site names the service `{service}`{}", did_you_mean(near))
        }
        (_, Some(wanted)) => {
            let whose =
                target.service.as_ref().map_or_else(|| "no service".to_owned(), |name| format!("`{name}`"));
            let near = nearest(
                wanted,
                &sites.iter().filter(is_service).map(|site| site.function).collect::<Vec<_>>(),
            );
            let has = if target.service.is_some() { "has no" } else { "has a" };
            format!("{whose} {has} call site `{wanted}`{}", did_you_mean(near))
        }
        _ => "there is no call site".to_owned(),
    }
}
