//! Builds the commands that the Redis store sends; what each does in the server stands in `scripts/*.lua`. In: one of the four
//! operations on a record. Out: the command that asks for it, and what its answer means.
//!
//! Each script is one atomic step on one key, a hash, so that it runs on any node of a cluster that has the key.

use std::sync::LazyLock;
use std::time::Duration;

use redis::{Cmd, Script, Value};

use crate::store::{Claim, Completion, Fingerprint, Holder, Owner, Release, Renewal, Token};

pub(super) static CLAIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/claim.lua")));
pub(super) static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/renew.lua")));
pub(super) static COMPLETE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/complete.lua")));
pub(super) static RELEASE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/release.lua")));

/// One operation, ready to be sent, also more than once.
pub(super) struct Operation {
    pub(super) script: &'static Script,
    pub(super) command: Cmd,
}

impl Operation {
    pub(super) fn claim(key: &str, owner: Owner, fingerprint: Fingerprint, lease: Duration) -> Self {
        Self::new(&CLAIM, key, owner).with(&millis(lease)).with(fingerprint.as_bytes())
    }

    pub(super) fn renew(key: &str, owner: Owner, lease: Duration) -> Self {
        Self::new(&RENEW, key, owner).with(&millis(lease))
    }

    pub(super) fn complete(
        key: &str,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&[u8]>,
    ) -> Self {
        let length = value.map_or(0, <[u8]>::len);
        let operation = Self::with_room(&COMPLETE, key, owner, length);
        let operation = operation.with(&millis(ttl)).with(fingerprint.as_bytes());
        match value {
            Some(value) => operation.with(value),
            None => operation,
        }
    }

    pub(super) fn release(key: &str, owner: Owner) -> Self {
        Self::new(&RELEASE, key, owner)
    }

    fn new(script: &'static Script, key: &str, owner: Owner) -> Self {
        Self::with_room(script, key, owner, 0)
    }

    /// With room for a value as well: a command that grew with each argument would be copied half a dozen times.
    fn with_room(script: &'static Script, key: &str, owner: Owner, value: usize) -> Self {
        let mut command = Cmd::with_capacity(ARGUMENTS, ALL_BUT_KEY_AND_VALUE + key.len() + value);
        command.arg("EVALSHA").arg(script.get_hash()).arg(1).arg(key).arg(owner.as_bytes());
        Self { script, command }
    }

    fn with(mut self, argument: &[u8]) -> Self {
        self.command.arg(argument);
        self
    }
}

/// The most that an operation has: the command, its script, the number of keys, the key, owner, lifetime, fingerprint and value.
const ARGUMENTS: usize = 8;
/// Bytes of these: 7, 40, 1, 16, at most 13, and 32.
const ALL_BUT_KEY_AND_VALUE: usize = 7 + 40 + 1 + 16 + 13 + 32;

/// Never zero, which would delete the record, nor more than a number of the server can be once it is added to its clock.
fn millis(duration: Duration) -> Vec<u8> {
    const CENTURY: u128 = 100 * 365 * 24 * 60 * 60 * 1000;
    duration.as_millis().clamp(1, CENTURY).to_string().into_bytes()
}

/// The word of an answer, and what comes with it; `None` for what is no answer of these scripts.
fn parts(answer: Value) -> Option<(Vec<u8>, Option<Value>)> {
    let mut parts = match answer {
        Value::Array(parts) => parts.into_iter(),
        Value::BulkString(word) => return Some((word, None)),
        _ => return None,
    };
    let Some(Value::BulkString(word)) = parts.next() else { return None };
    Some((word, parts.next()))
}

pub(super) fn claimed(answer: Value) -> Option<Claim> {
    if let Value::Int(token) = answer {
        return Some(Claim::Granted(Token::new(token.try_into().ok()?)));
    }
    let (word, rest) = parts(answer)?;
    Some(match (word.as_slice(), rest) {
        (b"running", Some(Value::Int(rest))) => {
            Claim::Running { rest: Duration::from_millis(rest.try_into().ok()?) }
        }
        (b"done", Some(Value::BulkString(value))) => Claim::Done { value: Some(value) },
        (b"done", None | Some(Value::Nil)) => Claim::Done { value: None },
        (b"mismatch", None) => Claim::Mismatch,
        _ => return None,
    })
}

pub(super) fn renewed(answer: Value) -> Option<Renewal> {
    let (word, _) = parts(answer)?;
    Some(match word.as_slice() {
        b"extended" => Renewal::Extended,
        b"gone" => Renewal::Gone,
        b"lost" => Renewal::Lost,
        b"done" => Renewal::Done,
        _ => return None,
    })
}

pub(super) fn completed(answer: Value) -> Option<Completion> {
    let (word, rest) = parts(answer)?;
    Some(match (word.as_slice(), rest) {
        (b"stored", _) => Completion::Stored,
        (b"kept", _) => Completion::Kept,
        (b"repeated", _) => Completion::Repeated,
        (b"lost", Some(Value::BulkString(state))) if state == b"done" => Completion::LostTo(Holder::Done),
        (b"lost", _) => Completion::LostTo(Holder::Running),
        _ => return None,
    })
}

pub(super) fn released(answer: Value) -> Option<Release> {
    let (word, _) = parts(answer)?;
    Some(match word.as_slice() {
        b"freed" => Release::Freed,
        b"not_held" => Release::NotHeld,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Value {
        Value::BulkString(word.as_bytes().to_vec())
    }

    fn array(parts: &[&str]) -> Value {
        Value::Array(parts.iter().map(|part| word(part)).collect())
    }

    #[test]
    fn a_lifetime_is_at_least_a_millisecond_and_never_overflows_the_clock_of_the_server() {
        assert_eq!(millis(Duration::ZERO), b"1");
        assert_eq!(millis(Duration::from_micros(1_999)), b"1");
        assert_eq!(millis(Duration::from_secs(30)), b"30000");
        assert_eq!(millis(Duration::MAX), b"3153600000000");
    }

    #[test]
    fn what_is_no_answer_of_the_scripts_is_not_taken_for_one() {
        for odd in [
            Value::Nil,
            Value::Okay,
            Value::Int(-1),
            Value::Array(Vec::new()),
            word("ok"),
            array(&["ok"]),
            word("granted"),
            word("running"),
            array(&["running", "5"]),
            Value::Array(vec![Value::BulkString(b"running".to_vec()), Value::Int(-1)]),
        ] {
            assert_eq!(claimed(odd.clone()), None, "{odd:?}");
        }
        for odd in [word("stored"), Value::Nil, Value::Okay, Value::Int(1)] {
            assert_eq!(renewed(odd.clone()), None, "{odd:?}");
            assert_eq!(released(odd.clone()), None, "{odd:?}");
        }
        assert_eq!(completed(word("extended")), None);
        assert_eq!(completed(Value::Int(1)), None);
    }

    #[test]
    fn answers_are_read() {
        assert_eq!(
            claimed(Value::Int(1_795_858_864_408_993)),
            Some(Claim::Granted(Token::new(1_795_858_864_408_993)))
        );
        assert_eq!(claimed(array(&["done", ""])), Some(Claim::Done { value: Some(Vec::new()) }));
        let without = Value::Array(vec![Value::BulkString(b"done".to_vec()), Value::Nil]);
        assert_eq!(claimed(without), Some(Claim::Done { value: None }));
        assert_eq!(claimed(word("mismatch")), Some(Claim::Mismatch));
        assert_eq!(renewed(word("extended")), Some(Renewal::Extended));
        assert_eq!(completed(word("stored")), Some(Completion::Stored));
        assert_eq!(released(word("freed")), Some(Release::Freed));
        assert_eq!(completed(array(&["lost", "done"])), Some(Completion::LostTo(Holder::Done)));
        assert_eq!(completed(array(&["lost", "run"])), Some(Completion::LostTo(Holder::Running)));
    }
}
