//! Refuses keys of attempts and delays that cannot act without a second attempt. In: the keys of attempts and delays. Out: a fault
//! for each that cannot act without a second attempt.

use resilience_settings::rules::acts;

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;
use crate::keys::table::WORDS;
use crate::keys::word::Word;

/// The code that only says something about a second attempt.
const CODE: &[&str] = &["retry_on", "never_retry_on", "retry_if", "retry_if_ok"];

/// What is written that only says something about a second attempt, in the order of the documentation.
pub(super) fn about_retries(ast: &Ast) -> impl Iterator<Item = &Written> {
    let is_about_retries = |word: &Word| {
        word.key.map_or(CODE.contains(&word.name), acts::is_about_retries) && word.clause.is_empty()
    };
    WORDS.iter().filter(move |word| is_about_retries(word)).filter_map(|word| ast.get("", word.name))
}

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    if ast.get("", "max_attempts").and_then(Written::count) == Some(1) {
        for written in about_retries(ast).filter(|written| written.is_own()) {
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
