//! Checks the `idempotency(…)` clause. In: the `idempotency(…)` clause. Out: what it claims and keeps, or faults: what it lacks,
//! what it cannot stand beside.

use crate::ast::{Ast, Setting, Written};
use crate::diagnostics::Faults;
use crate::model::Idempotency;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let Some(clause) = ast.get("", "idempotency").filter(|clause| !clause.is_off()) else { return };
    if super::degradation::is_once(ast) {
        let name = ast.attributes.first().map_or("", |applied| applied.attribute.name);
        faults.at(
            &clause.name,
            format!(
                "`idempotency` cannot act, since `{name}` alone protects no call: use `resilient_service`, or add \
                 `#[comprehensive_retry]`"
            ),
        );
        return;
    }
    if ast.get("idempotency", "key").is_none() {
        faults.at(
            &clause.name,
            "`idempotency` needs a `key` that tells one request from another: write one, such as `idempotency(key = order_id)`",
        );
    }
    if let Some(scope) = ast.get("idempotency", "scope")
        && matches!(&scope.setting, Setting::Text(text) if text.trim().is_empty())
    {
        faults.at(&scope.value, "`scope` is empty: name what the keys belong to, or remove it");
    }
    if let Some(mode) = ast.get("cache", "mode")
        && matches!(mode.setting, Setting::Choice("ReadThrough"))
    {
        faults.at(
            &mode.name,
            "a `ReadThrough` cache answers in place of the call, which `idempotency` is to protect: remove one of them",
        );
    }
    if let Some(way) = ast.get("idempotency", "on_unavailable").filter(|way| way.is_own())
        && ast.get("idempotency", "store").is_none()
    {
        faults.at(
            &way.name,
            "`on_unavailable` cannot act without `store`: the memory of this process is never away; remove it",
        );
    }
}

/// What was written, for the model.
pub(super) fn clause(ast: &Ast) -> Option<Idempotency> {
    let code = |name| ast.get("idempotency", name).and_then(Written::code).cloned();
    if !ast.is_on("idempotency") {
        return None;
    }
    Some(Idempotency { key: code("key")?, fingerprint: code("fingerprint"), store: code("store") })
}

/// What its keys belong to, where it is written.
pub(super) fn scope(ast: &Ast) -> Option<String> {
    match &ast.get("idempotency", "scope")?.setting {
        Setting::Text(text) => Some(text.clone()),
        _ => None,
    }
}
