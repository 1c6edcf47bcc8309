//! The `breaker(…)` clause: rules among its keys.

use crate::ast::{Ast, Setting, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name| ast.get("breaker", name);
    if let (Some(min_calls), Some(window)) = (get("min_calls"), get("window"))
        && let (Some(count), Setting::Calls(calls)) = (min_calls.count(), &window.setting)
        && count > *calls
    {
        faults.at(
            &min_calls.value,
            format!("`min_calls` is more than the {calls} calls of `window`, so the breaker could never open: lower it to {calls}"),
        );
    }
    if let (Some(open_for), Some(max_open_for)) = (get("open_for"), get("max_open_for"))
        && open_for.duration() > max_open_for.duration()
    {
        faults.at(
            &open_for.value,
            "`open_for` is longer than `max_open_for`: lower it, or raise `max_open_for`",
        );
    }
    if let (Some(slow_call), Some(timeout)) = (get("slow_call"), ast.get("", "attempt_timeout"))
        && let (Some(slow), Some(limit)) = (slow_call.duration(), timeout.duration())
        && slow > limit
    {
        faults.at(
            &slow_call.value,
            "`slow_call` is longer than `attempt_timeout`, so no call could ever be slow: lower it, or raise `attempt_timeout`",
        );
    }
    if let (Some(rate), Some(slow_call)) = (get("slow_rate"), get("slow_call"))
        && matches!(slow_call, Written { setting: Setting::Off, .. })
        && rate.is_own()
    {
        faults
            .at(&rate.name, "`slow_rate` cannot act with `slow_call = off`: remove it, or say what is slow");
    }
}
