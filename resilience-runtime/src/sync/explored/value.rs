//! The values of loom's atomics, and how each is read and changed: loom has a type for each width, and no common trait.

use std::fmt::Debug;

use loom::sync::atomic::Ordering;

/// A value that an atomic can hold.
pub(crate) trait Value: Copy + Default + Eq {
    /// Loom's atomic type for it.
    type Word: Debug;

    fn word(self) -> Self::Word;
    fn load(word: &Self::Word, order: Ordering) -> Self;
    fn store(word: &Self::Word, value: Self, order: Ordering);
    fn swap(word: &Self::Word, value: Self, order: Ordering) -> Self;
    fn compare_exchange(
        word: &Self::Word,
        old: Self,
        new: Self,
        success: Ordering,
        failure: Ordering,
    ) -> Result<Self, Self>;
    /// A change to the same value.
    fn touch(word: &Self::Word);
    /// What a blind load returns.
    fn seen(value: u64) -> Self;
}

/// A number.
pub(crate) trait Number: Value + Ord {
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn fetch_add(word: &Self::Word, value: Self, order: Ordering) -> Self;
    fn fetch_sub(word: &Self::Word, value: Self, order: Ordering) -> Self;
    fn fetch_max(word: &Self::Word, value: Self, order: Ordering) -> Self;
    fn fetch_min(word: &Self::Word, value: Self, order: Ordering) -> Self;
}

macro_rules! values {
    ($($Value:ident in $Word:ident, seen as $seen:expr;)*) => { $(
        impl Value for $Value {
            type Word = loom::sync::atomic::$Word;

            fn word(self) -> Self::Word {
                Self::Word::new(self)
            }

            fn load(word: &Self::Word, order: Ordering) -> Self {
                word.load(order)
            }

            fn store(word: &Self::Word, value: Self, order: Ordering) {
                word.store(value, order);
            }

            fn swap(word: &Self::Word, value: Self, order: Ordering) -> Self {
                word.swap(value, order)
            }

            fn compare_exchange(
                word: &Self::Word,
                old: Self,
                new: Self,
                success: Ordering,
                failure: Ordering,
            ) -> Result<Self, Self> {
                word.compare_exchange(old, new, success, failure)
            }

            fn touch(word: &Self::Word) {
                word.fetch_or(Self::default(), Ordering::Relaxed);
            }

            fn seen(value: u64) -> Self {
                $seen(value)
            }
        }
    )* };
}

macro_rules! numbers {
    ($($Value:ident in $Word:ident;)*) => {
        values! { $($Value in $Word, seen as |value| Self::try_from(value).expect("a value of that width");)* }

        $(impl Number for $Value {
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            fn fetch_add(word: &Self::Word, value: Self, order: Ordering) -> Self {
                word.fetch_add(value, order)
            }

            fn fetch_sub(word: &Self::Word, value: Self, order: Ordering) -> Self {
                word.fetch_sub(value, order)
            }

            fn fetch_max(word: &Self::Word, value: Self, order: Ordering) -> Self {
                word.fetch_max(value, order)
            }

            fn fetch_min(word: &Self::Word, value: Self, order: Ordering) -> Self {
                word.fetch_min(value, order)
            }
        })*
    };
}

values! { bool in AtomicBool, seen as |value| value != 0; }
numbers! {
    u8 in AtomicU8;
    u32 in AtomicU32;
    u64 in AtomicU64;
    usize in AtomicUsize;
}
