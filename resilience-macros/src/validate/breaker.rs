//! The `breaker(…)` clause: rules among its keys.

use crate::ast::Ast;
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name| ast.get("breaker", name);
    if let (Some(slow_call), Some(timeout)) = (get("slow_call"), ast.get("", "attempt_timeout"))
        && let (Some(slow), Some(limit)) = (slow_call.duration(), timeout.duration())
        && slow > limit
    {
        faults.at(
            &slow_call.value,
            "`slow_call` is longer than `attempt_timeout`, so no call could ever be slow: lower it, or raise `attempt_timeout`",
        );
    }
}
