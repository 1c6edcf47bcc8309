//! Classifies `reqwest_middleware::Error`. In: the error. Out: the facts of its middleware's or `reqwest`'s error.

use reqwest_middleware::Error;

use crate::classify::classified::Classify;
use crate::classify::facts::Facts;
use crate::classify::recovery::Recovery;

/// By its variant: the classification of the `reqwest::Error`, or of the outermost known error in a middleware's error.
impl Classify for Error {
    fn classify(&self) -> Recovery {
        self.resilience_facts().recovery
    }

    fn status(&self) -> Option<u16> {
        self.resilience_facts().status
    }

    fn resilience_facts(&self) -> Facts {
        // Both variants return the source of the error that they hold, never that error itself.
        match self {
            Self::Reqwest(error) => error.resilience_facts(),
            Self::Middleware(error) => error.resilience_facts(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::classify::chain;
    use crate::rejection::{Rejection, RejectionKind};

    #[test]
    fn what_it_holds_decides() {
        let response = http::Response::builder().status(503).body("").expect("a response");
        let error = reqwest::Response::from(response).error_for_status().expect_err("an error status");
        let error = Error::from(error);
        assert_eq!((error.classify(), Classify::status(&error)), (Recovery::retry(), Some(503)));
        assert_eq!(chain::facts(&error).status(), Some(503), "in a chain");

        let error = Error::middleware(Rejection::new(RejectionKind::CircuitOpen, "db"));
        assert!(error.classify().is_local());
        assert!(chain::facts(&io::Error::other(error)).recovery().is_local());
        let unknown = Error::middleware(std::fmt::Error);
        assert!(unknown.classify().is_retry() && !unknown.resilience_facts().is_known());
    }
}
