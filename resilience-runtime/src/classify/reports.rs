//! Classifies reports of `anyhow` and `eyre`. In: a report. Out: the facts of the outermost known error in it, including errors
//! that were added as context.
//!
//! It is apart from the chain, which does not lead to contexts: a context and the error below it are one error of a
//! private type, whose source is the next one. Only the report itself reveals its contents, and only by type.

use std::error::Error;
use std::ptr;

use super::classified::Classify;
use super::clients::clients;
use super::facts::Facts;
use super::opaque::searched;
use super::recovery::Recovery;
use super::registered::Registered;
use super::{chain, peel};
use crate::rejection::Rejection;

/// What both `anyhow` and `eyre` reports can be asked.
pub(super) trait Report {
    /// The errors of the report, without contexts.
    fn chain(&self) -> &(dyn Error + 'static);

    /// The outermost error or context of that type.
    fn find<T: Error + Send + Sync + 'static>(&self) -> Option<&(dyn Error + 'static)>;

    /// The outermost error or context of a registered type.
    fn find_registered(&self, registered: Registered) -> Option<&(dyn Error + 'static)>;
}

macro_rules! reports {
    ($($(#[$feature:meta])* $report:ty, $find:ident;)+) => {$(
        $(#[$feature])*
        impl Report for $report {
            fn chain(&self) -> &(dyn Error + 'static) {
                &**self
            }

            fn find<T: Error + Send + Sync + 'static>(&self) -> Option<&(dyn Error + 'static)> {
                self.downcast_ref::<T>().map(|error| error as &(dyn Error + 'static))
            }

            fn find_registered(&self, registered: Registered) -> Option<&(dyn Error + 'static)> {
                (registered.$find)(self)
            }
        }
    )+};
}

reports! {
    #[cfg(feature = "anyhow")]
    anyhow::Error, in_anyhow;
    #[cfg(feature = "eyre")]
    eyre::Report, in_eyre;
}

searched!(
    facts:
    #[cfg(feature = "anyhow")]
    anyhow::Error,
    #[cfg(feature = "eyre")]
    eyre::Report
);

fn facts(report: &impl Report) -> Facts {
    let in_chain = peel::walk(report.chain())
        .enumerate()
        .find_map(|(depth, error)| chain::known(error).map(|facts| (depth, facts)));
    let context = known_in(report).into_iter().map(|error| (depth(report.chain(), error), error));
    match (context.min_by_key(|(depth, _)| *depth), in_chain) {
        (Some((outer, _)), Some((inner, facts))) if inner <= outer => facts.by_chain(),
        (Some((_, error)), in_chain) => {
            let found = chain::known(error).or(in_chain.map(|(_, facts)| facts));
            found.map_or(chain::unknown(), Facts::by_chain)
        }
        (None, in_chain) => in_chain.map_or(chain::unknown(), |(_, facts)| facts.by_chain()),
    }
}

macro_rules! of_known_types {
    ($($feature:literal, $error:ty, $shown:literal, $start:literal, $end:literal;)+) => {
        /// The outermost error or context of each type that is known without registration.
        fn of_known_types<R: Report>(report: &R) -> impl Iterator<Item = &(dyn Error + 'static)> {
            let found = [
                report.find::<Rejection>(),
                report.find::<tokio::time::error::Elapsed>(),
                report.find::<std::io::Error>(),
                $(#[cfg(feature = $feature)] report.find::<$error>(),)+
            ];
            found.into_iter().flatten()
        }
    };
}

clients!(of_known_types);

/// The outermost error or context of each known type.
fn known_in<R: Report>(report: &R) -> Vec<&(dyn Error + 'static)> {
    let registered = super::registered::all();
    let registered = registered.iter().filter_map(|registered| report.find_registered(*registered));
    of_known_types(report).chain(registered).collect()
}

/// The position in the chain of the error that contains a context.
fn depth(chain: &(dyn Error + 'static), context: &(dyn Error + 'static)) -> usize {
    let address = |error| ptr::from_ref::<dyn Error + 'static>(error).addr();
    let at = address(context);
    peel::walk(chain)
        // The end is included: a value of size zero may be there.
        .position(|error| (address(error)..=address(error) + size_of_val(error)).contains(&at))
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;

    use super::*;
    use crate::classify::{register, register_with};
    use crate::rejection::RejectionKind;

    macro_rules! error_type {
        ($($name:ident),+) => {$(
            #[derive(Debug)]
            struct $name;
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(stringify!($name))
                }
            }
            impl Error for $name {}
        )+};
    }

    fn open() -> Rejection {
        Rejection::new(RejectionKind::CircuitOpen, "db")
    }

    fn missing() -> io::Error {
        io::ErrorKind::NotFound.into()
    }

    macro_rules! both {
        ($(#[$feature:meta] $test:ident, $report:ty, $context:ident;)+) => {$(
            #[$feature]
            #[test]
            fn $test() {
                fn of<E: Error + Send + Sync + 'static>(error: E) -> $report {
                    error.into()
                }
                error_type!(Stranger, Quota, Foreign);
                impl Classify for Quota {
                    fn classify(&self) -> Recovery {
                        Recovery::throttled()
                    }
                    fn status(&self) -> Option<u16> {
                        Some(418)
                    }
                }

                assert!(of(Stranger).$context(open()).classify().is_local());
                assert!(of(Stranger).$context(open()).$context("reading").classify().is_local());
                assert!(of(missing()).$context(open()).classify().is_local(), "the context is outside");
                assert!(of(open()).$context(missing()).classify().is_never(), "and so is this one");
                assert!(of(Stranger).$context(open()).$context(missing()).classify().is_never());
                assert!(of(Stranger).$context(missing()).$context(open()).classify().is_local());
                assert!(of(io::Error::other(open())).$context("reading").classify().is_local());
                assert!(!of(Stranger).$context("reading").resilience_facts().is_known());

                assert!(of(Stranger).$context(Quota).classify().is_retry(), "unknown so far");
                register::<Quota>();
                register_with::<Foreign>(|_| Recovery::never());
                let quota = of(missing()).$context(Quota).$context("reading");
                assert_eq!((quota.classify(), quota.status()), (Recovery::throttled(), Some(418)));
                assert!(of(Stranger).$context(Quota).$context(Foreign).classify().is_never());
                assert!(of(Stranger).$context(Foreign).$context(Quota).classify().is_throttled());
            }
        )+};
    }

    both! {
        #[cfg(feature = "anyhow")]
        what_is_context_in_anyhow_is_found, anyhow::Error, context;
        #[cfg(feature = "eyre")]
        what_is_context_in_eyre_is_found, eyre::Report, wrap_err;
    }
}
