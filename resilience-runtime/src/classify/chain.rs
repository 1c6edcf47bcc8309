//! Classifies an error by its source chain: the outermost known error decides. In: an error and its sources. Out: the
//! classification of the outermost known one.
//!
//! Every way to reach an error (by its type, through a box, inside an `io::Error`) ends in this walk.

use std::error::Error;

use super::classified::Classify;
use super::facts::Facts;
use super::peel::{one, walk};
use super::recovery::Recovery;
use super::{clients, registered};
use crate::rejection::Rejection;

impl Recovery {
    /// The classification of the outermost known error in the source chain; [`retry`](Self::retry) if none is known.
    ///
    /// For `on_error` and hand-written [`Classify`], as the default after your own rules:
    ///
    /// ```
    /// use std::io;
    /// use resilience_runtime::Recovery;
    ///
    /// fn judge(error: &Box<dyn std::error::Error + Send + Sync>) -> Recovery {
    ///     if error.to_string().contains("maintenance") {
    ///         return Recovery::throttled();
    ///     }
    ///     Recovery::from_error(&**error)
    /// }
    ///
    /// assert!(judge(&io::Error::from(io::ErrorKind::NotFound).into()).is_never());
    /// assert!(judge(&"down for maintenance".into()).is_throttled());
    /// ```
    pub fn from_error(error: &(dyn Error + 'static)) -> Self {
        facts(error).recovery
    }
}

/// The facts of the outermost known error in the chain; if none is known, that it is worth a retry.
pub(super) fn facts(error: &(dyn Error + 'static)) -> Facts {
    search(error).map_or(unknown(), Facts::by_chain)
}

/// The facts assumed of an error of which nothing is known.
pub(super) const fn unknown() -> Facts {
    Facts::guess(Recovery::retry())
}

/// The facts of the outermost known error in the chain, if any is known.
pub(super) fn search(error: &(dyn Error + 'static)) -> Option<Facts> {
    walk(error).find_map(known)
}

/// The facts of one error, without its sources, if it is known.
pub(super) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    one::<Rejection>(error)
        .or_else(|| one::<tokio::time::error::Elapsed>(error))
        .or_else(|| clients::known(error))
        .or_else(|| registered::known(error))
        // Last, as it looks for all of the above in the error that it wraps.
        .or_else(|| one::<std::io::Error>(error))
}

impl Classify for Rejection {
    fn resilience_class(&self) -> Option<&'static str> {
        Some(self.kind().name())
    }

    /// [`local`](Recovery::local), since nothing was sent; [`retry`](Recovery::retry) if time ran out, since the
    /// dependency may be to blame.
    fn classify(&self) -> Recovery {
        let verdict = if self.kind().is_timeout() { Recovery::retry() } else { Recovery::local() };
        match self.retry_after() {
            Some(wait) => verdict.after(wait),
            None => verdict,
        }
    }
}

impl Classify for tokio::time::error::Elapsed {
    /// [`retry`](Recovery::retry).
    fn classify(&self) -> Recovery {
        Recovery::retry()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::rejection::RejectionKind;

    /// An error that says nothing itself, with the given source.
    #[derive(Debug)]
    struct Layer(Box<dyn Error + Send + Sync>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("layer")
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&*self.0)
        }
    }

    fn layered(error: impl Into<Box<dyn Error + Send + Sync>>) -> Layer {
        Layer(Box::new(Layer(error.into())))
    }

    fn open() -> Rejection {
        Rejection::new(RejectionKind::CircuitOpen, "db").with_retry_after(Duration::from_secs(3))
    }

    #[test]
    fn the_outermost_known_error_decides() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(Recovery::from_error(&layered(refused)), Recovery::retry().not_sent());

        let outer_first =
            io::Error::new(io::ErrorKind::NotFound, layered(io::Error::from(io::ErrorKind::Other)));
        assert!(
            Recovery::from_error(&layered(outer_first)).is_retry(),
            "the payload of an io::Error knows more than the kind somebody put on it"
        );
    }

    #[test]
    fn a_chain_of_strangers_is_retried() {
        assert!(search(&layered("who knows")).is_none());
        assert_eq!(Recovery::from_error(&layered("who knows")), Recovery::retry());
    }

    #[test]
    fn an_inner_rejection_is_neither_retried_nor_a_vote_unless_time_ran_out() {
        let verdict = Recovery::from_error(&layered(open()));
        assert!(verdict.is_local());
        assert_eq!(verdict.retry_after(), Some(Duration::from_secs(3)));

        for kind in RejectionKind::ALL.iter().copied() {
            let verdict = Recovery::from_error(&layered(Rejection::new(kind, "db")));
            assert_eq!(verdict.is_retry(), kind.is_timeout(), "{kind:?}");
            assert_eq!(verdict.is_local(), !kind.is_timeout(), "{kind:?}");
        }
    }

    #[test]
    fn what_an_io_error_was_made_from_is_found() {
        for error in [
            io::Error::from(open()),
            io::Error::other(layered(open())),
            io::Error::other(io::Error::new(io::ErrorKind::TimedOut, layered(open()))),
        ] {
            assert!(Recovery::from_error(&error).is_local(), "{error:?}");
            assert!(Recovery::from_error(&layered(error)).is_local());
        }
    }

    #[test]
    fn boxed_and_shared_errors_are_looked_into() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let shared: Arc<dyn Error + Send + Sync> = Arc::new(refused());
        let local: Arc<dyn Error> = Arc::new(refused());
        assert!(Recovery::from_error(&shared).is_not_sent());
        assert!(Recovery::from_error(&local).is_not_sent());
        assert!(Recovery::from_error(&Box::new(refused())).is_not_sent());
        assert!(Recovery::from_error(&layered(Arc::new(refused()))).is_not_sent());
        assert!(Recovery::from_error(&layered(Box::new(layered(shared)))).is_not_sent());
        assert!(Recovery::from_error(&Arc::new(io::Error::other(open()))).is_local());
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_of_tokio_is_retried() {
        let elapsed = tokio::time::timeout(Duration::from_millis(1), std::future::pending::<()>())
            .await
            .expect_err("nothing ends a pending future");
        assert!(search(&layered(elapsed)).is_some_and(|facts| facts.recovery.is_retry()));
    }
}
