//! The table of words whose value is code, in the order of the documentation, among the keys of `resilience_settings`: a key
//! without code is added there, and needs no line here.

use std::sync::LazyLock;

use resilience_settings::policy::Key;

use super::word::{Takes, Word};

/// Every word, in the order of the documentation.
pub(crate) static WORDS: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let code =
        |after: Option<Key>| CODE.iter().filter(move |(place, _)| *place == after).map(|(_, word)| *word);
    let keys = Key::ALL.iter().flat_map(|key| std::iter::once(Word::of(*key)).chain(code(Some(*key))));
    code(None).chain(keys).collect()
});

macro_rules! code {
    ($($after:expr, $clause:literal $name:literal, $takes:expr, $default:literal, $help:literal;)+) => {
        /// What an attribute takes beside keys, each with the key that it stands behind.
        const CODE: &[(Option<Key>, Word)] = &[$(($after, Word {
            name: $name,
            alias: None,
            clause: $clause,
            takes: $takes,
            key: None,
            default: $default,
            help: $help,
        })),+];
    };
}

code! {
    None, "" "service", Takes::Text, "required",
        "Who is called. May be the first argument, without its name.";
    Some(Key::Idempotent), "" "retry_on", Takes::Patterns, "the classification",
        "Retry only errors that match: patterns over `&E`, as in `match`. Cannot see into boxed errors.";
    Some(Key::Idempotent), "" "never_retry_on", Takes::Patterns, "none",
        "Never retry errors that match. Asked before all else.";
    Some(Key::Idempotent), "" "retry_if", Takes::Function, "the classification",
        "`fn(&E) -> bool`: retry only errors that it agrees to.";
    Some(Key::Idempotent), "" "retry_if_ok", Takes::Function, "none",
        "`fn(&T) -> bool`: run again after such an `Ok`. When the attempts are used up, the last `Ok` is returned.";
    Some(Key::Idempotent), "" "on_error", Takes::Function, "the error's own",
        "`fn(&E) -> Recovery`: classification by hand.";
    Some(Key::DegradationEnabled), "" "redirect", Takes::Function, "none",
        "Another function of the same signature, which answers for a failed call. Asked after the cache.";
    Some(Key::DegradationEnabled), "" "fallback", Takes::FunctionOrClosure, "none",
        "A function or closure of the arguments, or of those and `&E`, `async` or not, which answers for a failed call. Asked after `redirect`.";
    Some(Key::DegradationEnabled), "" "fallback_if", Takes::Function, "every error",
        "`fn(&E) -> bool`: which errors are answered for at all, by whatever source; the others are returned. A rejection always is.";
    Some(Key::DegradationEnabled), "" "static_response", Takes::Code, "none",
        "A `T` that answers for a failed call when nothing else did.";
    Some(Key::DegradationEnabled), "" "partition", Takes::Code, "none",
        "`Hash + Eq + Clone + Send + Sync + 'static`: breaker, budget and limits of their own for each value.";
    Some(Key::DegradationEnabled), "" "partition_label", Takes::Code, "its number",
        "A `&str` or `String` by which operators see the partition, asked when that is new. Say nothing secret.";
    Some(Key::MaxPartitions), "" "on_rejection", Takes::Function, "`E: From<Rejection>`",
        "`fn(Rejection) -> E`: the error of a call that ended without one of its own.";
    Some(Key::MaxPartitions), "" "clone", Takes::Names, "none",
        "By-value arguments that each attempt gets a clone of, so that it may consume them.";
    Some(Key::MaxPartitions), "" "crate", Takes::Crate, "`::resilience_runtime`",
        "Where the runtime lives.";
    Some(Key::SuccessThreshold), "breaker" "record_if", Takes::Function, "the classification",
        "`fn(&E) -> bool`: whether an error votes as a failure, whatever its classification.";
    Some(Key::Cache), "cache" "key", Takes::Code, "required with arguments",
        "Which calls have the same answer: `Hash + Eq + Clone + Send + Sync + 'static`.";
    Some(Key::Idempotency), "idempotency" "key", Takes::Code, "required",
        "What tells one request from another: a text, bytes, a number, or an `Option` of one; `None` is not protected.";
    Some(Key::Idempotency), "idempotency" "scope", Takes::Text, "`Type::function`",
        "What the keys belong to: functions of one service with one scope would share their results.";
    Some(Key::Idempotency), "idempotency" "fingerprint", Takes::Code, "none",
        "What was asked for, as a text, bytes or a number: the same key with another one is a mistake, and rejected.";
    Some(Key::Idempotency), "idempotency" "store", Takes::Code, "memory of this process",
        "An `IdempotencyStore`, by value or in an `Arc`: where records are kept, as JSON.";
}

impl Word {
    /// Finds a word by its clause and name, second names included.
    pub(crate) fn find(clause: &str, name: &str) -> Option<&'static Self> {
        WORDS.iter().find(|word| word.clause == clause && (word.name == name || word.alias == Some(name)))
    }
}
