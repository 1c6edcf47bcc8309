//! The panic hook. In: panics. Out: intended ones are silent, any other is a finding.

use std::panic;

use crate::checks::findings::{ALL, violated};
use crate::foreign::hazards::Planned;

/// Replaces the hook that prints every panic.
pub(crate) fn install_hook() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().is::<Planned>() {
            return;
        }
        print(info);
        violated(ALL, "nobody else panics", &info.to_string().replace('\n', " "));
    }));
}
