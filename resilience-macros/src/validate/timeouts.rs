//! `attempt_timeout` and what it must fit with: the bounds of an adaptive one, the deadline, slow calls, hedges.

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let get = |name| ast.get("attempt_timeout", name);
    let deadline = ast.get("", "deadline").and_then(Written::duration);
    if let (Some(floor), Some(ceiling)) = (get("floor"), get("ceiling"))
        && floor.duration() > ceiling.duration()
    {
        faults.at(&floor.value, "`floor` is longer than `ceiling`: lower it, or raise `ceiling`");
        return;
    }
    for bound in [get("floor"), get("ceiling")].into_iter().flatten() {
        if let (Some(time), Some(deadline)) = (bound.duration(), deadline)
            && time > deadline
        {
            faults.at(
                &bound.value,
                format!(
                    "`{}` is longer than `deadline`, which would end the attempt first: lower it, or raise `deadline`",
                    bound.word.name
                ),
            );
            return;
        }
    }
}
