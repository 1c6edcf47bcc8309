//! Values of attributes that outlive the call: a partition, its label, the key of a cached answer. In: what the user wrote. Out:
//! the same value, as a type of which only what is needed is known: a wrong one is reported once, at its token.

use std::hash::Hash;

/// What partitions are told apart by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot tell partitions apart",
    label = "`partition` needs an owned value that is `Hash + Eq + Clone + Send + Sync`",
    note = "derive what it lacks, as in `#[derive(Clone, PartialEq, Eq, Hash)]`, or use a text or number made of it"
)]
pub trait PartitionKey: Hash + Eq + Clone + Send + Sync + 'static {}

// Otherwise the compiler reports the first bound that is lacking in place of all that are needed.
#[diagnostic::do_not_recommend]
impl<P: Hash + Eq + Clone + Send + Sync + 'static> PartitionKey for P {}

/// What operators see of a partition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label of a partition",
    label = "expected a `&str` or a `String`",
    note = "write a text made of it, such as `partition_label = tenant.to_string()`"
)]
pub trait PartitionLabel {
    /// The label.
    fn into_label(self) -> String;
}

#[diagnostic::do_not_recommend]
impl<L: Into<String>> PartitionLabel for L {
    fn into_label(self) -> String {
        self.into()
    }
}

/// What cached answers are found by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot tell cached answers apart",
    label = "`key` needs an owned value that is `Hash + Eq + Clone + Send + Sync`",
    note = "derive what it lacks, as in `#[derive(Clone, PartialEq, Eq, Hash)]`, or use a text or number made of it"
)]
pub trait CacheKey: Hash + Eq + Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + Clone + Send + Sync + 'static> CacheKey for K {}

/// The value of `partition`.
#[inline]
pub fn partition<P>(value: P) -> impl Hash + Eq + Clone + Send + Sync + 'static
where
    P: PartitionKey, // needs an owned value: a partition is kept when the call has ended, so it cannot borrow from it
{
    value
}

/// The value of `partition_label`, which is not asked yet.
#[inline]
pub fn label<L: PartitionLabel>(value: impl FnOnce() -> L) -> impl FnOnce() -> String {
    move || value().into_label()
}

/// The value of `key` of a cache.
#[inline]
pub fn cache_key<K>(value: K) -> impl Hash + Eq + Clone + Send + Sync + 'static
where
    K: CacheKey, // needs an owned value: an answer is kept when the call has ended, so its key cannot borrow from it
{
    value
}
