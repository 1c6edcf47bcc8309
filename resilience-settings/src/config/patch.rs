//! Decides whether a run-time patch is taken: each value must be one that its key takes. Keys are not compared with each other,
//! because a patch is a layer, and between layers values are clamped.

use std::path::Path;

use crate::config::error::ConfigError;
use crate::config::fault::Fault;
use crate::names::Names;
use crate::policy::Patch;
use crate::rules::accepted::misfit;
use crate::shown::clipped;

/// Refuses a patch with a value that its key does not take, naming every such key.
pub fn check_patch(service: &str, patch: &Patch) -> Result<(), ConfigError> {
    let wrong = patch.iter().filter_map(|(key, value)| Some((key, misfit(key, value)?)));
    let faults: Vec<Fault> = wrong.map(|(key, message)| Fault::without_text(key.path(), message)).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let origin = format!("the update of `{service}`");
    let count = faults.len();
    Err(ConfigError::in_text(origin.into(), faults, count, true))
}

/// Refuses an action on a service that nobody names, with the one of these names that may be meant.
pub fn unknown_service(name: &str, names: &mut dyn Iterator<Item = &str>) -> ConfigError {
    let near = Names::new(names).nearest(name).map(clipped);
    let mut fault =
        Fault::without_text("", format!("no call site and no file names the service `{}`", clipped(name)));
    fault.help = near.map(|near| format!("did you mean `{near}`?"));
    let origin = format!("the update of `{}`", clipped(name));
    ConfigError::in_text(origin.into(), vec![fault], 1, true)
}

/// Refuses to follow a file beside another.
pub fn already_followed(path: &Path, other: &Path) -> ConfigError {
    let mut fault = Fault::without_text(
        "",
        format!("`{}` is followed already, and one file is at a time", other.display()),
    );
    fault.help = Some(
        "put the settings of both into one file, or drop the `ConfigWatch` of the other first".to_owned(),
    );
    ConfigError::in_text(path.display().to_string().into(), vec![fault], 1, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{HedgeAfter, Key, Percentile, Ratio, Value};

    #[test]
    fn a_patch_is_refused_with_every_value_that_does_not_fit() {
        let patch = Patch::new().max_attempts(0).jitter(1.5).multiplier(2.0);
        let error = check_patch("search", &patch).expect_err("two values are out of range");
        let paths: Vec<&str> = error.faults().iter().map(Fault::path).collect();
        assert_eq!(paths, ["max_attempts", "jitter"]);
        assert!(error.to_string().ends_with("2 faults in the update of `search`; nothing of it was applied"));
    }

    #[test]
    fn a_quantile_that_files_cannot_say_is_refused_with_those_that_they_can() {
        let patch = Patch::new().hedge_after(HedgeAfter::Quantile(Ratio::saturating(0.97)));
        let error = check_patch("search", &patch).expect_err("there is no word for it");
        assert!(error.to_string().contains("`p95`"), "{error}");
        let named = Patch::new().hedge_after(HedgeAfter::Quantile(Percentile::P95.ratio()));
        assert!(check_patch("search", &named).is_ok());
    }

    #[test]
    fn a_patch_of_the_wrong_type_is_refused_and_a_right_one_passes() {
        let wrong = Patch::new().with(Key::Deadline, Value::Count(3));
        assert!(check_patch("search", &wrong).is_err());
        assert!(check_patch("search", &Patch::new().deadline(None).max_attempts(1)).is_ok());
    }
}
