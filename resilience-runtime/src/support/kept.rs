//! Takes the values of attributes that outlive the call: a partition, its label, the key of a cached answer. In: what the user
//! wrote. Out: the same value, as a type of which only what is needed is known: a wrong one is reported once, at its token.

use std::hash::Hash;

/// What partitions are told apart by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot tell partitions apart",
    label = "`partition` needs an owned value that is `Hash + Eq + Clone + Send + Sync`",
    note = "derive what it lacks, as in `#[derive(Clone, PartialEq, Eq, Hash)]`, or use a text or number made of it"
)]
pub trait PartitionKey<Kept> {
    /// The same value.
    fn kept(self) -> Kept;
}

// Otherwise the compiler reports the first bound that is lacking in place of all that are needed.
#[diagnostic::do_not_recommend]
impl<P: Hash + Eq + Clone + Send + Sync + 'static> PartitionKey<P> for P {
    #[inline]
    fn kept(self) -> P {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<P: Never> PartitionKey<Nothing> for P {
    fn kept(self) -> Nothing {
        self.never()
    }
}

/// What no type is. With a single implementation, the compiler would know the type of the kept value also where the bounds of it
/// are lacking, and would report that again at each use of the value. With one for these too, it does not know the type then,
/// and reports once what was reported.
pub trait Never {
    /// Is not called.
    fn never(self) -> Nothing;
}

/// What is never kept.
#[derive(Debug)]
pub struct Nothing;

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
pub trait CacheKey<Kept> {
    /// The same value.
    fn kept(self) -> Kept;
}

#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + Clone + Send + Sync + 'static> CacheKey<K> for K {
    #[inline]
    fn kept(self) -> K {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<K: Never> CacheKey<Nothing> for K {
    fn kept(self) -> Nothing {
        self.never()
    }
}

/// The value of `partition`.
#[inline]
pub fn partition<P, Kept>(value: P) -> Kept
where
    P: PartitionKey<Kept>, // needs an owned value: a partition is kept when the call has ended, so it cannot borrow from it
{
    value.kept()
}

/// The value of `partition_label`, which is not asked yet.
#[inline]
pub fn label<L: PartitionLabel>(value: impl FnOnce() -> L) -> impl FnOnce() -> String {
    move || value().into_label()
}

/// The value of `key` of a cache.
#[inline]
pub fn cache_key<K, Kept>(value: K) -> Kept
where
    K: CacheKey<Kept>, // needs an owned value: an answer is kept when the call has ended, so its key cannot borrow from it
{
    value.kept()
}
