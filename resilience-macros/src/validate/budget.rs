//! The `budget(…)` clause: which keys belong to which kind of budget.

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

const OF_BUCKETS: &[&str] = &["ratio", "min_per_second", "deposit", "cost", "throttled_cost"];
const OF_WINDOWS: &[&str] = &["max_retries_per_minute", "max_retries_per_hour"];

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name: &&str| ast.get("budget", name);
    let written = get(&"kind");
    let kind = match written {
        None => "TokenBucket",
        Some(kind) => match kind.choice() {
            Some(kind) => kind,
            None => return,
        },
    };
    let windows = matches!(kind, "SlidingWindow" | "FixedWindow");
    let (foreign, remedy) = if windows {
        (OF_BUCKETS, "`TokenBucket` or `Adaptive`")
    } else {
        (OF_WINDOWS, "`SlidingWindow` or `FixedWindow`")
    };
    let mut refuse = |key: &Written, remedy: &str| {
        let default = if written.is_none() { ", the kind of budget unless written" } else { "" };
        let change = if written.is_none() { "write" } else { "use" };
        faults.at(
            &key.name,
            format!(
                "`{}` cannot act with `kind = {kind}`{default}: remove it, or {change} `kind` as {remedy}",
                key.word.name
            ),
        );
    };
    for key in foreign.iter().filter_map(get).filter(|key| key.is_own()) {
        refuse(key, remedy);
    }
    if let Some(key) = get(&"adaptive_threshold").filter(|key| key.is_own() && kind != "Adaptive") {
        refuse(key, "`Adaptive`");
    }
    if let (Some(cost), Some(burst)) = (get(&"cost"), get(&"burst_capacity"))
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
