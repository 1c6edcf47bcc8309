//! Decides by the type of an error how it is asked for its classification. In: an error of any type. Out: what can be known about
//! it; its type decides how it is asked.
//!
//! Rust has no specialisation, but method calls prefer the candidate that needs the fewest dereferences. So each way to
//! ask is a trait with the same method, implemented for [`Probe`] behind one reference less than the previous way, and
//! the call starts behind all of them. A way whose bound does not hold is no candidate. In a generic function, the
//! bounds written there decide.
//!
//! Two hazards shaped this. Lifetime bounds are *not* considered when a candidate is picked, but checked only
//! afterwards, as an error: `E: Error + 'static` would be picked for every error that borrows, and for every
//! `E: Error`, and then fail to compile. So the way for plain errors does without `'static` and looks at sources only
//! (these are `'static` by the trait), and all types that this crate knows implement [`Classify`] to be found without
//! it. And the receiver is a type of this crate, so that no method of the user's type can interfere.

use std::any::type_name;
use std::error::Error;

use super::classified::Classify;
use super::facts::Facts;
use super::strangers;
use super::{chain, peel};
use crate::events::note_class;

/// An error to be asked.
#[derive(Debug)]
pub struct Probe<'e, E: ?Sized>(&'e E);

/// Wraps an error to be asked.
pub const fn probe<E: ?Sized>(error: &E) -> Probe<'_, E> {
    Probe(error)
}

macro_rules! ways {
    ($($(#[$doc:meta])* $way:ident for $receiver:ty where [$($bound:tt)*] = |$error:ident| $facts:expr;)+) => {$(
        $(#[$doc])*
        pub trait $way {
            /// What is known about the error.
            fn resilience_by_type(&self) -> Facts;
        }

        impl<E: ?Sized $($bound)*> $way for $receiver {
            #[inline]
            fn resilience_by_type(&self) -> Facts {
                let $error = self.0;
                $facts
            }
        }
    )+};
}

ways! {
    /// First: it classifies itself.
    ByClassify for &&&&&Probe<'_, E> where [+ Classify] = |error| peel::told(error);
    /// Second: it returns a chain. `anyhow`, `eyre`, `Box<dyn Error + Send + Sync>`, `Arc` of the same.
    BySharedChain for &&&&Probe<'_, E> where [+ AsRef<dyn Error + Send + Sync>] = |error| {
        note_class(type_name::<E>());
        chain::facts(error.as_ref())
    };
    /// Third: `Box<dyn Error + Send>`.
    BySentChain for &&&Probe<'_, E> where [+ AsRef<dyn Error + Send>] = |error| {
        note_class(type_name::<E>());
        chain::facts(error.as_ref())
    };
    /// Fourth: `Box<dyn Error>`.
    ByChain for &&Probe<'_, E> where [+ AsRef<dyn Error>] = |error| {
        note_class(type_name::<E>());
        chain::facts(error.as_ref())
    };
    /// Fifth: it is an error, and its sources are searched.
    BySources for &Probe<'_, E> where [+ Error] = |error| {
        note_class(type_name::<E>());
        error.source().and_then(chain::search).map_or_else(strangers::guess::<E>, Facts::by_chain)
    };
    /// Last: nothing is known about it.
    ByNothing for Probe<'_, E> where [] = |error| {
        let _ = error;
        note_class(type_name::<E>());
        chain::unknown()
    };
}
