//! Attempts and delays: keys that could never act without a second attempt.

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

/// What only says something about a second attempt.
pub(super) const ABOUT_RETRIES: &[&str] = &[
    "strategy",
    "base_delay",
    "max_delay",
    "multiplier",
    "jitter",
    "retry_on",
    "never_retry_on",
    "retry_if",
    "retry_if_ok",
    "retryable_status_codes",
    "max_retry_after",
    "nested_retries",
];

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    if ast.get("", "max_attempts").and_then(Written::count) == Some(1) {
        for written in
            ABOUT_RETRIES.iter().filter_map(|name| ast.get("", name)).filter(|written| written.is_own())
        {
            faults.at(
                &written.name,
                format!(
                    "`{}` cannot act, since `max_attempts = 1` never retries: remove it, or allow more attempts",
                    written.word.name
                ),
            );
        }
    }
}
