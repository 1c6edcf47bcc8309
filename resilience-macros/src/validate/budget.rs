//! The `budget(…)` clause: a retry that no bucket can pay for.

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name| ast.get("budget", name);
    let kind = get("kind").and_then(Written::choice);
    let windows = matches!(kind, Some("SlidingWindow" | "FixedWindow"));
    if let (Some(cost), Some(burst)) = (get("cost"), get("burst_capacity"))
        && let (Some(tokens), Some(most)) = (cost.number(), burst.count())
        && !windows
        && u32::try_from(most).is_ok_and(|most| tokens > f64::from(most))
    {
        faults.at(
            &cost.value,
            "`cost` is more than `burst_capacity` holds, so no retry could ever be paid: lower it",
        );
    }
}
