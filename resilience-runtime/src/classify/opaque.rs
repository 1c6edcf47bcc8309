//! Classifies errors without a classification of their own, for generic code that requires [`Classify`]. In: such errors. Out: the
//! same facts as for annotated functions: text, of which nothing is known, and boxes, whose sources are searched.

use std::error::Error;

use super::chain;
use super::classified::Classify;
use super::facts::Facts;
use super::recovery::Recovery;

impl Classify for str {
    /// [`retry`](Recovery::retry): nothing is known about it.
    fn classify(&self) -> Recovery {
        chain::unknown().recovery
    }

    fn resilience_facts(&self) -> Facts {
        chain::unknown()
    }
}

impl Classify for String {
    /// [`retry`](Recovery::retry): nothing is known about it.
    fn classify(&self) -> Recovery {
        chain::unknown().recovery
    }

    fn resilience_facts(&self) -> Facts {
        chain::unknown()
    }
}

/// Types of errors that hold others: their facts are those that a function finds inside.
macro_rules! searched {
    ($facts:path: $($(#[$feature:meta])* $error:ty),+) => {$(
        $(#[$feature])*
        impl Classify for $error {
            /// The classification of the outermost known error inside, contexts of reports included;
            /// [`retry`](Recovery::retry) if none is known.
            fn classify(&self) -> Recovery {
                self.resilience_facts().recovery
            }

            fn status(&self) -> Option<u16> {
                self.resilience_facts().status
            }

            fn resilience_facts(&self) -> Facts {
                $crate::events::note_class(std::any::type_name::<Self>());
                $facts(self)
            }

            fn resilience_class(&self) -> Option<&'static str> {
                None
            }
        }
    )+};
}

// Boxed and shared ones, too: see `wrapped`.
searched!(chain::facts: dyn Error, dyn Error + Send, dyn Error + Send + Sync);

#[cfg(any(feature = "anyhow", feature = "eyre"))]
pub(super) use searched;

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::rejection::{Rejection, RejectionKind};

    #[test]
    fn text_is_retried_and_boxes_are_looked_into() {
        assert_eq!(String::from("gone").classify(), Recovery::retry());
        assert_eq!("gone".classify(), Recovery::retry());
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        assert!((Box::new(missing()) as Box<dyn Error>).classify().is_never());
        assert!((Box::new(missing()) as Box<dyn Error + Send>).classify().is_never());
        assert!((Box::new(missing()) as Box<dyn Error + Send + Sync>).classify().is_never());
        let open = Rejection::new(RejectionKind::CircuitOpen, "db");
        assert!(Box::<dyn Error>::from(open).classify().is_local());
    }

    #[test]
    fn what_is_said_of_a_stranger_is_a_guess() {
        assert!(!"gone".resilience_facts().is_known());
        assert!(!Box::new(String::from("gone")).resilience_facts().is_known());
        assert!(!Box::<dyn Error>::from("gone").resilience_facts().is_known());
        assert!(
            Box::<dyn Error>::from(io::Error::from(io::ErrorKind::NotFound)).resilience_facts().is_known()
        );
    }

    #[cfg(all(feature = "anyhow", feature = "eyre"))]
    #[test]
    fn reports_are_looked_into_past_their_contexts() {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        assert!(anyhow::Error::from(missing()).context("reading").classify().is_never());
        assert!(eyre::Report::from(missing()).wrap_err("reading").classify().is_never());
        assert_eq!(anyhow::anyhow!("who knows").classify(), Recovery::retry());
    }
}
