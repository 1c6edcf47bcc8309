//! Loom's atomics, with sequential consistency. Loom takes a sequentially consistent access for acquire and release
//! only, and so would report what cannot happen; between two fences it is one.
//!
//! That is a little more than the language promises: a fence orders the relaxed accesses around it as well. What holds
//! here because of that is not proven.

pub(crate) use loom::sync::atomic::{Ordering, fence};

fn ordered<T>(order: Ordering, access: impl FnOnce() -> T) -> T {
    if order != Ordering::SeqCst {
        return access();
    }
    fence(order);
    let value = access();
    fence(order);
    value
}

macro_rules! atomics {
    ($($Atomic:ident of $Value:ty $({ $($rest:tt)* })?,)*) => { $(
        #[derive(Debug)]
        pub(crate) struct $Atomic(loom::sync::atomic::$Atomic);

        #[expect(dead_code, reason = "not every protocol needs every width of every access")]
        impl $Atomic {
            pub(crate) fn new(value: $Value) -> Self {
                Self(loom::sync::atomic::$Atomic::new(value))
            }

            pub(crate) fn load(&self, order: Ordering) -> $Value {
                ordered(order, || self.0.load(order))
            }

            pub(crate) fn store(&self, value: $Value, order: Ordering) {
                ordered(order, || self.0.store(value, order));
            }

            pub(crate) fn swap(&self, value: $Value, order: Ordering) -> $Value {
                ordered(order, || self.0.swap(value, order))
            }

            pub(crate) fn compare_exchange(
                &self,
                old: $Value,
                new: $Value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$Value, $Value> {
                ordered(success, || self.0.compare_exchange(old, new, success, failure))
            }

            /// Loom's does not fail without a reason either.
            pub(crate) fn compare_exchange_weak(
                &self,
                old: $Value,
                new: $Value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$Value, $Value> {
                self.compare_exchange(old, new, success, failure)
            }

            pub(crate) fn fetch_update(
                &self,
                success: Ordering,
                failure: Ordering,
                change: impl FnMut($Value) -> Option<$Value>,
            ) -> Result<$Value, $Value> {
                ordered(success, || self.0.fetch_update(success, failure, change))
            }

            $($($rest)*)?
        }

        impl Default for $Atomic {
            fn default() -> Self {
                Self::new(<$Value>::default())
            }
        }
    )* };
}

macro_rules! integers {
    ($($Atomic:ident of $Value:ty,)*) => { atomics! { $($Atomic of $Value {
        pub(crate) fn fetch_add(&self, value: $Value, order: Ordering) -> $Value {
            ordered(order, || self.0.fetch_add(value, order))
        }

        pub(crate) fn fetch_sub(&self, value: $Value, order: Ordering) -> $Value {
            ordered(order, || self.0.fetch_sub(value, order))
        }

        pub(crate) fn fetch_max(&self, value: $Value, order: Ordering) -> $Value {
            ordered(order, || self.0.fetch_max(value, order))
        }

        pub(crate) fn fetch_min(&self, value: $Value, order: Ordering) -> $Value {
            ordered(order, || self.0.fetch_min(value, order))
        }
    },)* } };
}

atomics! { AtomicBool of bool, }
integers! { AtomicU8 of u8, AtomicU32 of u32, AtomicU64 of u64, AtomicUsize of usize, }
