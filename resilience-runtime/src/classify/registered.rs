//! The error types that a program asked us to look for in source chains.
//!
//! One list for the whole process, like the types themselves. It is read only after an error, so that a lock is
//! cheap enough; the lock is never held while code of the user runs.

use std::any::TypeId;
use std::error::Error;
use std::sync::{PoisonError, RwLock};

use super::chain;
use super::facts::Facts;
use super::recovery::Classify;

static REGISTERED: RwLock<Vec<Entry>> = RwLock::new(Vec::new());

#[derive(Clone, Copy)]
struct Entry {
    id: TypeId,
    is: fn(&(dyn Error + 'static)) -> bool,
    facts: fn(&(dyn Error + 'static)) -> Option<Facts>,
}

/// Has the source chains of errors searched for `T`.
///
/// Call it once at start-up; more often does no harm. It is for an error type that travels *inside* others: in a
/// box, in `anyhow` or `eyre`, in the `#[source]` of an enum. An annotated function whose own `E` implements
/// [`Classify`] needs no registration. Boxes and `Arc`s of `T` are found too.
///
/// ```
/// use resilience_runtime::{Classify, Recovery, classify};
///
/// #[derive(Debug)]
/// struct QuotaUsedUp;
///
/// impl std::fmt::Display for QuotaUsedUp {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the quota is used up")
///     }
/// }
///
/// impl std::error::Error for QuotaUsedUp {}
///
/// impl Classify for QuotaUsedUp {
///     fn classify(&self) -> Recovery {
///         Recovery::throttled()
///     }
/// }
///
/// classify::register::<QuotaUsedUp>();
/// let hidden = anyhow::Error::from(QuotaUsedUp).context("reading the inbox");
/// assert!(Recovery::from_error(hidden.as_ref()).is_throttled());
/// ```
pub fn register<T: Classify + Error + 'static>() {
    let id = TypeId::of::<T>();
    let mut entries = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
    if entries.iter().all(|entry| entry.id != id) {
        entries.push(Entry { id, is: |error| chain::peel::<T>(error).is_some(), facts: chain::one::<T> });
    }
}

/// What an error says if it is of a registered type.
pub(super) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    let found = {
        let entries = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
        entries.iter().find(|entry| (entry.is)(error)).copied()
    };
    found.and_then(|entry| (entry.facts)(error))
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;
    use std::sync::Arc;

    use super::*;
    use crate::classify::Recovery;

    macro_rules! error_type {
        ($name:ident, $verdict:expr) => {
            #[derive(Debug)]
            struct $name;
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(stringify!($name))
                }
            }
            impl Error for $name {}
            impl Classify for $name {
                fn classify(&self) -> Recovery {
                    $verdict
                }
                fn status(&self) -> Option<u16> {
                    Some(418)
                }
            }
        };
    }

    #[test]
    fn a_type_is_found_in_chains_once_it_is_registered() {
        error_type!(Teapot, Recovery::never());
        let wrapped = || io::Error::other(Teapot);

        assert!(Recovery::from_error(&wrapped()).is_retry(), "unknown so far");
        register::<Teapot>();
        register::<Teapot>();
        assert!(Recovery::from_error(&wrapped()).is_never());
        assert!(Recovery::from_error(&io::Error::other(Arc::new(Teapot))).is_never());
        assert_eq!(chain::facts(&wrapped()).status(), Some(418));
        let entries = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(entries.iter().filter(|entry| entry.id == TypeId::of::<Teapot>()).count(), 1);
    }

    #[test]
    fn a_classification_may_itself_register() {
        error_type!(Second, Recovery::local());
        error_type!(First, {
            register::<Second>();
            Recovery::never()
        });
        register::<First>();
        assert!(Recovery::from_error(&io::Error::other(First)).is_never());
        assert!(Recovery::from_error(&io::Error::other(Second)).is_local());
    }
}
