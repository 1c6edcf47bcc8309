//! Unwraps errors. In: an error. Out: the errors of its source chain, or one of them as a requested type.
//!
//! Boxed and shared errors hide what they hold from the chain, and so does an `io::Error`: this file is the one place
//! that looks through each.

use std::error::Error;
use std::sync::Arc;

use super::classified::Classify;
use super::facts::Facts;
use crate::events::note_class;
#[cfg(any(feature = "reqwest", feature = "tonic", feature = "tokio-postgres", feature = "hyper-util"))]
use crate::rejection::Rejection;

/// How many sources are looked at. Real chains have fewer than ten; an error that returns itself as its source would
/// otherwise hang the call.
const DEPTH: usize = 64;

/// An error and its sources, outermost first.
pub(super) fn walk<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| inner(*error)).take(DEPTH)
}

/// The next error of the chain. A shared error returns the source of the error that it shares, which would skip that
/// error itself, and an `io::Error` does the same with the error that it wraps.
fn inner<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    if let Some(shared) = error.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
        return Some(&**shared);
    }
    if let Some(shared) = error.downcast_ref::<Arc<dyn Error>>() {
        return Some(&**shared);
    }
    if let Some(error) = peel::<std::io::Error>(error) {
        return error.get_ref().map(|error| error as &(dyn Error + 'static));
    }
    error.source()
}

/// The facts of an error if it is a `T`.
pub(super) fn one<T: Classify + Error + 'static>(error: &(dyn Error + 'static)) -> Option<Facts> {
    peel::<T>(error).map(told)
}

/// An error as a `T`, also if it is boxed or shared: such boxes are errors themselves and return the source of what
/// they hold, so that only their own type leads to it.
pub(super) fn peel<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    error
        .downcast_ref::<T>()
        .or_else(|| error.downcast_ref::<Box<T>>().map(|held| &**held))
        .or_else(|| error.downcast_ref::<Arc<T>>().map(|held| &**held))
}

/// The rejection of an inner call anywhere in the chain. Clients look for it before they look at their own errors: an
/// annotated connector or middleware sent nothing, whatever error the client makes of that.
#[cfg(any(feature = "reqwest", feature = "tonic", feature = "tokio-postgres", feature = "hyper-util"))]
pub(super) fn rejection<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Rejection> {
    walk(error).find_map(peel::<Rejection>)
}

/// The facts of an error of a known type, for the engine.
#[expect(
    clippy::inline_always,
    reason = "by reference, as handles have it, it would cost a call for each failure"
)]
#[inline(always)]
pub(crate) fn told<T: Classify + ?Sized>(error: &T) -> Facts {
    let facts = error.resilience_facts();
    // After the facts, because classifying an error notes the classes of the errors inside it.
    if let Some(class) = error.resilience_class() {
        note_class(class);
    }
    facts
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[test]
    fn an_error_that_is_its_own_source_does_not_hang_the_call() {
        #[derive(Debug)]
        struct Snake;
        impl fmt::Display for Snake {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("snake")
            }
        }
        impl Error for Snake {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(self)
            }
        }
        assert_eq!(walk(&Snake).count(), DEPTH);
        assert!(peel::<std::io::Error>(&Snake).is_none());
    }
}
