//! Finds registered error types in source chains. In: types that the program registers. Out: the facts of such an error in a source
//! chain.
//!
//! There is one list for the process, as types are global too. It is read only after an error, so a lock is cheap
//! enough; the lock is never held while user code runs.

use std::any::TypeId;
use std::error::Error;
use std::sync::{Arc, RwLock};

use super::classified::Classify;
use super::facts::Facts;
use super::peel;
use super::recovery::Recovery;
use crate::events::note_class;
use crate::sync::unpoisoned;

static REGISTERED: RwLock<Vec<Entry>> = RwLock::new(Vec::new());

struct Entry {
    id: TypeId,
    is: fn(&(dyn Error + 'static)) -> bool,
    facts: Arc<Ask>,
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    registered: Registered,
}

/// How to ask a report for an error of a registered type, which may be in it as context.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
#[derive(Clone, Copy)]
pub(super) struct Registered {
    #[cfg(feature = "anyhow")]
    pub(super) in_anyhow: fn(&anyhow::Error) -> Option<&(dyn Error + 'static)>,
    #[cfg(feature = "eyre")]
    pub(super) in_eyre: fn(&eyre::Report) -> Option<&(dyn Error + 'static)>,
}

#[cfg(any(feature = "anyhow", feature = "eyre"))]
impl Registered {
    fn new<T: Error + Send + Sync + 'static>() -> Self {
        Self {
            #[cfg(feature = "anyhow")]
            in_anyhow: |report| report.downcast_ref::<T>().map(|error| error as &(dyn Error + 'static)),
            #[cfg(feature = "eyre")]
            in_eyre: |report| report.downcast_ref::<T>().map(|error| error as &(dyn Error + 'static)),
        }
    }
}

/// All registered types.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
pub(super) fn all() -> Vec<Registered> {
    let entries = unpoisoned(REGISTERED.read());
    entries.iter().map(|entry| entry.registered).collect()
}

type Ask = dyn Fn(&(dyn Error + 'static)) -> Option<Facts> + Send + Sync;

/// Searches the source chains of errors for `T` from now on.
///
/// Call it once at start-up; calling it again does no harm. It is for an error type that travels *inside* others: in a
/// box, in `anyhow` or `eyre`, in the `#[source]` of an enum. An annotated function whose own `E` implements
/// [`Classify`] needs no registration. Boxes and `Arc`s of `T` are found too, and so is a `T` that is the context of a
/// report, with the features `anyhow` and `eyre`.
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
pub fn register<T: Classify + Error + Send + Sync + 'static>() {
    enlist::<T>(Arc::new(peel::one::<T>));
}

/// Searches the source chains of errors for `T`, an error of another crate, which `judge` classifies.
///
/// [`register`] needs `T: Classify`, which only the crate of `T` or of `Classify` can implement. If `T` is registered
/// more than once, the first registration holds.
///
/// ```
/// use resilience_runtime::{Recovery, classify};
///
/// classify::register_with::<std::num::ParseIntError>(|_| Recovery::never());
/// let hidden = anyhow::Error::from("x".parse::<u8>().unwrap_err()).context("reading the port");
/// assert!(Recovery::from_error(hidden.as_ref()).is_never());
/// ```
pub fn register_with<T: Error + Send + Sync + 'static>(judge: fn(&T) -> Recovery) {
    enlist::<T>(Arc::new(move |error| {
        let error = peel::peel::<T>(error)?;
        note_class(std::any::type_name::<T>());
        Some(Facts::new(judge(error), None))
    }));
}

fn enlist<T: Error + Send + Sync + 'static>(facts: Arc<Ask>) {
    let id = TypeId::of::<T>();
    let mut entries = unpoisoned(REGISTERED.write());
    if entries.iter().all(|entry| entry.id != id) {
        entries.push(Entry {
            id,
            is: |error| peel::peel::<T>(error).is_some(),
            facts,
            #[cfg(any(feature = "anyhow", feature = "eyre"))]
            registered: Registered::new::<T>(),
        });
    }
}

/// The facts of an error if it is of a registered type.
pub(super) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    let found = {
        let entries = unpoisoned(REGISTERED.read());
        entries.iter().find(|entry| (entry.is)(error)).map(|entry| Arc::clone(&entry.facts))
    };
    found.and_then(|facts| facts(error))
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;
    use std::sync::Arc;

    use super::*;

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
        assert_eq!(peel::walk(&wrapped()).find_map(known).and_then(Facts::status), Some(418));
        let entries = unpoisoned(REGISTERED.read());
        assert_eq!(entries.iter().filter(|entry| entry.id == TypeId::of::<Teapot>()).count(), 1);
    }

    #[test]
    fn an_error_of_another_crate_is_classified_by_a_function() {
        let foreign = || io::Error::other("x".parse::<bool>().expect_err("no truth value"));
        assert!(Recovery::from_error(&foreign()).is_retry(), "unknown so far");
        register_with::<std::str::ParseBoolError>(|error| {
            if error.to_string().is_empty() { Recovery::retry() } else { Recovery::local() }
        });
        register_with::<std::str::ParseBoolError>(|_| Recovery::throttled());
        assert!(Recovery::from_error(&foreign()).is_local(), "what was first holds");
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
