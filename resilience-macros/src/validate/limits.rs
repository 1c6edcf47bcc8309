//! The clauses `bulkhead(…)` and `rate_limit(…)`: rules among their keys.

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name| ast.get("bulkhead", name);
    if let (Some(min), Some(max)) = (get("min_concurrent"), get("max_concurrent"))
        && let (Some(least), Some(most)) = (min.count(), max.count())
        && least > most
    {
        faults.at(
            &min.value,
            format!("`min_concurrent` is more than the {most} of `max_concurrent`: lower it, or raise `max_concurrent`"),
        );
    }
    if let Some(min) = get("min_concurrent")
        && get("adaptive").and_then(Written::switch) != Some(true)
        && min.is_own()
    {
        faults.at(&min.name, "`min_concurrent` cannot act without `adaptive = true`: add that, or remove it");
    }
    if let (Some(wait), Some(queue)) = (get("max_wait"), get("max_queue"))
        && queue.count() == Some(0)
        && wait.is_own()
        && wait.duration().is_some_and(|time| !time.is_zero())
    {
        faults.at(
            &wait.name,
            "`max_wait` cannot act with `max_queue = 0`, where nobody waits: remove it, or allow a queue",
        );
    }
}
