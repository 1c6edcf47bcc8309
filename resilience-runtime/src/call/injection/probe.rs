//! Finds out by its types whether a call site can take the error or the change of a rule. In: a slot, of types that the call site
//! knows. Out: the slot filled, by the ways that exist for these types.
//!
//! As in [classification](crate::classify), the ways are traits with the same method, and the compiler takes the one that
//! needs the fewest dereferences. None of them has a bound on lifetimes of its own: such bounds are checked only after a
//! way is picked. [`Injectable`] implies `'static`, so that what borrows has no implementation in the first place.
//!
//! All have the one method name that generated code reserves, so each question has a module of its own: whoever asks imports
//! the ways of that question alone.

use std::any::Any;
use std::fmt;
use std::io;
use std::marker::PhantomData;

use super::clients::for_each_client;
use super::injectable::Injectable;
use super::slot::Slot;
use super::taken::take;

/// The error can be made from one of the standard library.
pub trait FromIo {
    /// Takes the error.
    fn resilience_by_type(&self);
}

impl<T, E: From<io::Error>> FromIo for &Slot<'_, T, E> {
    fn resilience_by_type(&self) {
        self.error_by(|given| take::<io::Error>(given).map(E::from));
    }
}

/// It cannot.
pub trait NotFromIo {
    /// Leaves the slot as it is.
    fn resilience_by_type(&self);
}

impl<T, E> NotFromIo for Slot<'_, T, E> {
    fn resilience_by_type(&self) {}
}

/// A pair of traits for each known client. Without its feature there is only the second, as generated code asks all
/// the same.
macro_rules! clients {
    ($($feature:literal $way:ident $no_way:ident $question:ident $error:ty;)+) => {$(
        /// The error can be made from that of the client, which can be made from one of the standard library.
        #[cfg(feature = $feature)]
        pub trait $way {
            /// Takes the error.
            fn resilience_by_type(&self);
        }

        #[cfg(feature = $feature)]
        impl<T, E: From<$error>> $way for &Slot<'_, T, E> {
            fn resilience_by_type(&self) {
                self.error_by(|given| super::clients::take_of_io::<$error>(given).map(E::from));
            }
        }

        /// It cannot.
        pub trait $no_way {
            /// Leaves the slot as it is.
            fn resilience_by_type(&self);
        }

        impl<T, E> $no_way for Slot<'_, T, E> {
            fn resilience_by_type(&self) {}
        }

        /// Whether the error can be made from that of the client.
        pub mod $question {
            pub use super::$no_way;
            #[cfg(feature = $feature)]
            pub use super::$way;
        }
    )+};
}

for_each_client!(clients);

/// A slot whose error owns what it holds if these names are those of types.
pub struct Gate<'a, 's, N, T, E> {
    slot: &'a Slot<'s, T, E>,
    names: PhantomData<fn() -> N>,
}

/// Makes one.
#[inline]
pub fn gate<'a, 's, N, T, E>(slot: &'a Slot<'s, T, E>) -> Gate<'a, 's, N, T, E> {
    Gate { slot, names: PhantomData }
}

impl<N, T, E> fmt::Debug for Gate<'_, '_, N, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("slot", &self.slot).finish_non_exhaustive()
    }
}

/// The names are those of types. Nearly every type is `Unpin`; a type parameter of the `impl` block around a function, of
/// which its attribute knows nothing, is so only where that is written.
pub trait OwnedError {
    /// Takes the error.
    fn resilience_by_type(&self);
}

impl<N: Unpin, T, E: 'static> OwnedError for &Gate<'_, '_, N, T, E> {
    fn resilience_by_type(&self) {
        self.slot.take_owned();
    }
}

/// One of them may be that of a type parameter, which may borrow.
pub trait BorrowedError {
    /// Leaves the slot as it is.
    fn resilience_by_type(&self);
}

impl<N, T, E> BorrowedError for Gate<'_, '_, N, T, E> {
    fn resilience_by_type(&self) {}
}

/// The error is of a type that is known to own what it holds.
pub trait KnownError {
    /// Takes the error.
    fn resilience_by_type(&self);
}

impl<T, E: Injectable> KnownError for &Slot<'_, T, E> {
    fn resilience_by_type(&self) {
        self.error_by(take::<E>);
    }
}

/// It is not.
pub trait UnknownError {
    /// Leaves the slot as it is.
    fn resilience_by_type(&self);
}

impl<T, E> UnknownError for Slot<'_, T, E> {
    fn resilience_by_type(&self) {}
}

/// The value is of a type that is known to own what it holds.
pub trait KnownValue {
    /// Changes the value.
    fn resilience_by_type(&self);
}

impl<T: Injectable, E> KnownValue for &Slot<'_, T, E> {
    fn resilience_by_type(&self) {
        self.change_by(|change, value| change.apply(value as &mut dyn Any));
    }
}

/// It is not.
pub trait UnknownValue {
    /// Leaves the slot as it is.
    fn resilience_by_type(&self);
}

impl<T, E> UnknownValue for Slot<'_, T, E> {
    fn resilience_by_type(&self) {}
}

/// Whether names of the error's type are those of types.
pub mod owned_error {
    pub use super::{BorrowedError, OwnedError};
}

/// Whether the error is known to own what it holds.
pub mod known_error {
    pub use super::{KnownError, UnknownError};
}

/// Whether the error can be made from one of the standard library.
pub mod error_from_io {
    pub use super::{FromIo, NotFromIo};
}

/// Whether the value is known to own what it holds.
pub mod known_value {
    pub use super::{KnownValue, UnknownValue};
}
