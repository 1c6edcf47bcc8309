//! Data: what a store knows of an operation: the name of its record, the call that owns it, what was asked for, and the token of a
//! lease. None of these can be turned back into the key.

use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use hmac_sha256::Hash as Sha256;

/// The name of a record: SHA-256 over namespace, service, scope and key.
///
/// Keys do not appear in the store, but a short key can be guessed by whoever reads the names: there are only a million
/// numbers of six digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordName([u8; 32]);

impl RecordName {
    /// The name for a key within a scope of a service.
    ///
    /// Each part is preceded by its length, so that no two lists of parts have the same bytes.
    pub fn new(namespace: &str, service: &str, scope: &str, key: &[u8]) -> Self {
        named(in_scope(namespace, service, scope), key)
    }

    /// The bytes of the name.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// All names within one scope: what is the same for all of its keys is hashed once.
#[derive(Clone)]
pub(crate) struct RecordNames {
    /// After all that is the same.
    hash: Sha256,
    /// The same, shorter.
    scope: [u8; 16],
}

/// A secret of this process.
static SECRET: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Of SHA-256.
const BLOCK: usize = 64;

impl RecordNames {
    pub(crate) fn new(namespace: &str, service: &str, scope: &str) -> Self {
        let hash = in_scope(namespace, service, scope);
        let scope = hash.finalize().first_chunk().copied().unwrap_or_default();
        Self { hash, scope }
    }

    pub(crate) fn name(&self, key: &[u8]) -> RecordName {
        named(self.hash, key)
    }

    /// Another name for the same, in a fifth of the time, which means something in this process alone: 128 bits of a hash under
    /// a secret, so that nobody can look for two keys with one name.
    pub(crate) fn local(&self, key: &[u8]) -> RecordName {
        let mut hash = SECRET.build_hasher();
        hash.write(&self.scope);
        hash.write(key);
        let low = hash.finish();
        hash.write_u8(1);
        let high = hash.finish();
        let mut name = [0; 32];
        for (bytes, part) in name.chunks_exact_mut(8).zip([low, high, low, high]) {
            bytes.copy_from_slice(&part.to_ne_bytes());
        }
        RecordName(name)
    }
}

/// What all names within a scope begin with.
fn in_scope(namespace: &str, service: &str, scope: &str) -> Sha256 {
    let mut hash = Sha256::new();
    let mut length = 0;
    for part in [namespace, service, scope] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
        length += size_of::<u64>() + part.len();
    }
    // Zeros up to a whole number of blocks, so that a key up to 55 bytes takes one more.
    hash.update(&[0; BLOCK][..(BLOCK - length % BLOCK) % BLOCK]);
    hash
}

fn named(mut scope: Sha256, key: &[u8]) -> RecordName {
    scope.update(key);
    RecordName(scope.finalize())
}

/// Without what was hashed.
impl fmt::Debug for RecordNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordNames").finish_non_exhaustive()
    }
}

/// In hexadecimal digits.
impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Debug for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

/// One call, by 128 random bits.
///
/// In a process that forks without `exec`, a thread that made owners before goes on to make the same ones in parent and child:
/// make no calls with keys before such a fork, or in the child only on threads that were started after it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner([u8; 16]);

impl Owner {
    /// A new owner, which no other call on any machine has.
    pub fn random() -> Self {
        thread_local! {
            // The keys are 128 random bits that the standard library has from the system for each thread.
            static RANDOM: RandomState = RandomState::new();
            static COUNT: Cell<u64> = const { Cell::new(0) };
        }
        let count = COUNT.get();
        COUNT.set(count.wrapping_add(1));
        let (high, low) = RANDOM.with(|random| (random.hash_one((count, 0)), random.hash_one((count, 1))));
        Self(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
    }

    /// An owner with these bits, as for one that a store returns.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bits.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

/// What was asked for, so that a key that comes again with another request is noticed: SHA-256 of it, or nothing.
///
/// Two fingerprints are the same if their [bytes](Self::as_bytes) are; [`NONE`](Self::NONE) is the same as itself alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fingerprint(Option<[u8; 32]>);

impl Fingerprint {
    /// The fingerprint of requests that have none.
    pub const NONE: Self = Self(None);

    /// The fingerprint of a request.
    pub fn new(request: &[u8]) -> Self {
        Self(Some(Sha256::hash(request)))
    }

    /// The bytes to keep and to compare: 32, or none.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |bytes| bytes)
    }
}

/// The number of a lease: the store gives a new one each time that a record is created by a claim.
///
/// By the clock of the store it does not fall from one lease of a record to the next, as long as that clock does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u64);

impl Token {
    /// A token with this number, such as the microseconds of the store's clock.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// From a table: the formatting of each byte would take longer than everything else that is done for the key of a record.
fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = [0; 2 * size_of::<RecordName>()];
    for (at, digit) in text.iter_mut().zip(digits) {
        *at = DIGITS[usize::from(digit)];
    }
    // Digits are text, and no name is longer.
    f.write_str(str::from_utf8(&text[..2 * bytes.len()]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn parts_of_a_name_do_not_run_into_each_other() {
        let names = [
            RecordName::new("", "ab", "c", b"d"),
            RecordName::new("", "a", "bc", b"d"),
            RecordName::new("", "a", "b", b"cd"),
            RecordName::new("ab", "", "c", b"d"),
            RecordName::new("", "ab", "c", b"d\0"),
            RecordName::new("", "ab", "c", b""),
        ];
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(names[0], RecordName::new("", "ab", "c", b"d"));
    }

    #[test]
    fn a_local_name_is_that_of_one_key_in_one_scope() {
        let scopes = [
            RecordNames::new("", "a", "bc"),
            RecordNames::new("", "ab", "c"),
            RecordNames::new("x", "a", "bc"),
        ];
        let keys: [&[u8]; 5] = [b"", b"\0", b"1", b"11", b"\x01"];
        let names = || scopes.iter().flat_map(|scope| keys.iter().map(|key| scope.local(key)));
        assert_eq!(names().collect::<HashSet<_>>().len(), scopes.len() * keys.len());
        assert!(names().eq(names()));
        assert_eq!(RecordNames::new("", "a", "bc").local(b"1"), scopes[0].local(b"1"));
    }

    /// Records outlive the program: a name that changes with a release would let everything run again.
    #[test]
    fn a_name_is_the_same_in_every_release() {
        let name = RecordName::new("shop", "payments", "Api::charge", b"order-17").to_string();
        assert_eq!(name, "9a0619778a735b13b58a7b0a6df582911e949abc697135de4852b64c04c24967");
    }

    #[test]
    fn owners_are_all_different_on_all_threads() {
        let threads: Vec<_> = (0..4)
            .map(|_| std::thread::spawn(|| (0..1000).map(|_| Owner::random()).collect::<Vec<_>>()))
            .collect();
        let owners: HashSet<_> =
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect();
        assert_eq!(owners.len(), 4000);
    }

    #[test]
    fn fingerprints_are_compared_by_their_bytes() {
        assert_eq!(Fingerprint::NONE.as_bytes(), b"");
        assert_ne!(Fingerprint::new(b""), Fingerprint::NONE);
        assert_ne!(Fingerprint::new(b"1"), Fingerprint::new(b"2"));
        assert_eq!(Fingerprint::new(b"1").as_bytes().len(), 32);
    }
}
