//! The bodies without anything around them: what to subtract from every other case.

use crate::Case;
use crate::case::case;
use crate::ops::{OpError, fails_twice, pending_once, ready, repolled};

const GROUP: &str = "bare body";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ready", "the body alone", || (), |(), value| ready(value)),
        case!(GROUP, "pending once", "the body alone, polled again at once", || (), |(), value| {
            repolled(pending_once(value))
        }),
        case!(
            GROUP,
            "fails twice",
            "a plain loop of up to three attempts, no delay",
            || (),
            |(), value| async move {
                let mut failures = 0;
                loop {
                    match fails_twice(value).await {
                        Err(OpError::Transient) if failures < 2 => failures += 1,
                        answer => return answer,
                    }
                }
            }
        ),
    ]
}
