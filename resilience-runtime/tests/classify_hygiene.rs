//! What `support::classify!` finds where the type of the error is generic, and in crates that shadow what an expansion
//! may be tempted to lean on.

use std::error::Error;
use std::{fmt, io};

use resilience_runtime::support::{Facts, classify};
use resilience_runtime::{Classify, Recovery};

fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

mod generic {
    //! Only the written bounds count.

    use super::*;

    fn bare<E>(error: &E) -> Recovery {
        classify!(error).recovery()
    }

    fn displayed<E: fmt::Display + AsRef<str>>(error: &E) -> Recovery {
        classify!(error).recovery()
    }

    fn an_error<E: Error>(error: &E) -> Recovery {
        classify!(error).recovery()
    }

    fn a_static_error<E: Error + Send + Sync + 'static>(error: &E) -> Recovery {
        classify!(error).recovery()
    }

    fn classified<E>(error: &E) -> Recovery
    where
        E: Classify,
    {
        classify!(error).recovery()
    }

    fn a_chain<E: AsRef<dyn Error + Send + Sync>>(error: &E) -> Recovery {
        classify!(error).recovery()
    }

    fn boxed<E: Error + Send + 'static>(error: E) -> Recovery {
        let error: Box<dyn Error + Send> = Box::new(error);
        classify!(&error).recovery()
    }

    fn associated<C: Client>(error: &C::Error) -> Recovery {
        classify!(error).recovery()
    }

    #[derive(Debug, thiserror::Error)]
    #[error("reading")]
    struct Reading(#[source] io::Error);

    trait Client {
        type Error: Classify;
    }

    struct Disk;

    impl Client for Disk {
        type Error = io::Error;
    }

    #[test]
    fn only_the_written_bounds_of_a_generic_error_count() {
        assert_eq!(bare(&refused()), Recovery::retry());
        assert_eq!(displayed(&String::new()), Recovery::retry());
        assert!(an_error(&Reading(refused())).is_not_sent());
        assert!(a_static_error(&Reading(refused())).is_not_sent());
        assert!(classified(&refused()).is_not_sent());
        assert!(a_chain(&anyhow::Error::from(refused())).is_not_sent());
        assert!(boxed(refused()).is_not_sent());
        assert!(associated::<Disk>(&refused()).is_not_sent());
    }
}

mod hostile {
    //! A crate that shadows what expansions are tempted to lean on.

    /// As `#![no_implicit_prelude]` of a whole crate does it, `::core` hidden as well.
    #[no_implicit_prelude]
    mod bare {
        mod core {}
        mod std {}
        #[expect(dead_code, reason = "named like a type of the prelude, to be in the way")]
        enum Option {}

        pub(super) fn ask(error: &::std::io::Error) -> ::resilience_runtime::Recovery {
            ::resilience_runtime::support::classify!(error).recovery()
        }

        pub(super) fn ask_generic<E>(error: &E) -> ::resilience_runtime::Recovery {
            ::resilience_runtime::support::classify!(error).recovery()
        }
    }

    use super::*;

    /// Has methods named like everything that a probe might call.
    #[derive(Debug)]
    struct Grabby;

    impl Grabby {
        fn classify(&self) -> Recovery {
            let Self = self;
            Recovery::never()
        }

        fn resilience_by_type(&self) -> Facts {
            Facts::new(self.classify(), Some(1))
        }

        fn source(&self) -> Option<&'static str> {
            self.resilience_by_type().status().map(|_| "mine")
        }

        fn as_ref(&self) -> &'static str {
            self.source().unwrap_or("mine")
        }
    }

    #[test]
    fn names_of_the_users_crate_are_not_in_the_way() {
        assert!(bare::ask(&refused()).is_not_sent());
        assert_eq!(bare::ask_generic(&refused()), Recovery::retry());
    }

    #[test]
    fn methods_of_the_users_type_do_not_come_between() {
        assert_eq!(Grabby.as_ref(), "mine");
        assert_eq!(classify!(&Grabby).recovery(), Recovery::retry());
    }

    #[test]
    fn the_error_is_evaluated_once_and_without_our_traits_in_scope() {
        let mut asked = 0;
        let mut next = || {
            asked += 1;
            Box::leak(Box::new(refused()))
        };
        let facts = classify!(&*next());
        assert!(facts.recovery().is_not_sent());
        assert_eq!(asked, 1);

        // With the traits in scope this would be ambiguous with the inherent method of the same name.
        assert_eq!(classify!(&Grabby.resilience_by_type()).status(), None);
    }
}
