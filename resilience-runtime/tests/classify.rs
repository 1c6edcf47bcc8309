//! What `support::classify!` finds, asked from another crate for every sort of error type, as an expansion does.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use resilience_runtime::support::{Facts, classify};
use resilience_runtime::{Classify, Recovery, Rejection, RejectionKind};

fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

fn open() -> Rejection {
    Rejection::new(RejectionKind::CircuitOpen, "db")
}

/// The verdict on an error of a type that is known here.
macro_rules! verdict {
    ($error:expr) => {{
        let error = $error;
        let facts: Facts = classify!(&error);
        facts.recovery()
    }};
}

/// Only of interest for what it wraps.
#[derive(Debug, thiserror::Error)]
enum AppError {
    #[error("reading")]
    Io(#[from] io::Error),
    #[error("calling")]
    Inner(#[source] Rejection),
    #[error("something")]
    Boxed(#[source] Box<dyn Error + Send + Sync>),
    #[error("shared")]
    Shared(#[source] Arc<io::Error>),
    #[error("input {0}")]
    Input(u32),
    #[error(transparent)]
    Hidden(io::Error),
}

/// Says so itself, and wraps something that would say otherwise.
#[derive(Debug, thiserror::Error)]
#[error("it is what I say")]
struct Opinionated(#[source] io::Error);

impl Classify for Opinionated {
    fn classify(&self) -> Recovery {
        Recovery::throttled().after(Duration::from_secs(1))
    }

    fn status(&self) -> Option<u16> {
        Some(429)
    }
}

#[test]
fn an_error_that_classifies_itself_is_believed() {
    let error = Opinionated(refused());
    let facts = classify!(&error);
    assert_eq!(facts.recovery(), Recovery::throttled().after(Duration::from_secs(1)));
    assert_eq!(facts.status(), Some(429));
    assert!(verdict!(Box::new(Opinionated(refused()))).is_throttled());
    assert!(verdict!(Arc::new(Opinionated(refused()))).is_throttled());
}

#[test]
fn errors_of_known_types_are_known_in_any_wrapping() {
    assert!(verdict!(refused()).is_not_sent());
    assert!(verdict!(Box::new(refused())).is_not_sent());
    assert!(verdict!(Arc::new(refused())).is_not_sent());
    assert!(verdict!(Rc::new(refused())).is_not_sent());
    assert!(verdict!(&refused()).is_not_sent());
    assert!(verdict!(open()).is_local());
    assert!(verdict!(io::Error::from(open())).is_local());
}

#[test]
fn an_enum_of_thiserror_is_understood_through_its_sources() {
    assert!(verdict!(AppError::from(refused())).is_not_sent());
    assert!(verdict!(AppError::Inner(open())).is_local());
    assert!(verdict!(AppError::Boxed(Box::new(AppError::Inner(open())))).is_local());
    assert!(verdict!(AppError::Shared(Arc::new(refused()))).is_not_sent());
    assert_eq!(verdict!(AppError::Input(3)), Recovery::retry());
    assert!(verdict!(Box::new(AppError::Inner(open()))).is_local());
}

#[test]
fn a_transparent_variant_hides_its_error_as_documented() {
    assert_eq!(verdict!(AppError::Hidden(refused())), Recovery::retry());
    assert!(
        verdict!(AppError::Hidden(io::Error::other(AppError::Inner(open())))).is_local(),
        "the sources of the hidden one are still seen"
    );
}

#[test]
fn anyhow_and_eyre_are_understood_through_their_context() {
    let bare = anyhow::Error::from(refused());
    assert!(verdict!(bare).is_not_sent());
    let in_context = anyhow::Error::from(AppError::Inner(open())).context("one").context("two");
    assert!(verdict!(in_context).is_local());
    assert_eq!(verdict!(anyhow::anyhow!("no more than text")), Recovery::retry());

    assert!(verdict!(eyre::Report::from(refused())).is_not_sent());
    let in_context = eyre::Report::from(AppError::Inner(open())).wrap_err("one").wrap_err("two");
    assert!(verdict!(in_context).is_local());
}

#[test]
fn every_sort_of_boxed_error_is_looked_into() {
    assert!(verdict!(Box::<dyn Error + Send + Sync>::from(refused())).is_not_sent());
    assert!(verdict!(Box::new(refused()) as Box<dyn Error + Send>).is_not_sent());
    assert!(verdict!(Box::<dyn Error>::from(refused())).is_not_sent());
    assert!(verdict!(Arc::new(refused()) as Arc<dyn Error + Send + Sync>).is_not_sent());
    assert!(verdict!(Arc::new(refused()) as Arc<dyn Error>).is_not_sent());
    assert!(verdict!(Rc::new(refused()) as Rc<dyn Error>).is_not_sent());
}

#[test]
fn what_is_no_error_is_retried() {
    struct Unit;
    let retry = Recovery::retry();
    assert_eq!(verdict!(String::from("no")), retry);
    assert_eq!(verdict!("no"), retry);
    assert_eq!(verdict!(()), retry);
    assert_eq!(verdict!(Unit), retry);
    assert_eq!(verdict!(404_u16), retry);
    assert_eq!(verdict!(None::<Box<dyn Error>>), retry);
    assert_eq!(verdict!(fmt::Error), retry);
}

#[test]
fn an_error_that_cannot_be_compiles() {
    fn ask(result: Result<(), Infallible>) -> Option<Facts> {
        result.err().map(|error| classify!(&error))
    }
    assert!(ask(Ok(())).is_none());
}

#[test]
fn an_error_that_borrows_compiles_and_is_seen_from_its_source_on() {
    #[derive(Debug)]
    struct Borrowing<'a>(&'a str, io::Error);
    impl fmt::Display for Borrowing<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }
    impl Error for Borrowing<'_> {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.1)
        }
    }
    fn ask(error: &Borrowing<'_>) -> Facts {
        classify!(error)
    }
    let text = String::from("short-lived");
    assert!(ask(&Borrowing(&text, refused())).recovery().is_not_sent());
    assert_eq!(verdict!(text.as_str()), Recovery::retry());
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn an_enum_around_a_client_error_is_understood() {
    #[derive(Debug, thiserror::Error)]
    enum ApiError {
        #[error("the request failed")]
        Http(#[from] reqwest::Error),
    }
    let response = http::Response::builder().status(503).body("").expect("a response");
    let error = reqwest::Response::from(response).error_for_status().expect_err("an error status");
    let facts = classify!(&ApiError::from(error));
    assert_eq!((facts.recovery(), facts.status()), (Recovery::retry(), Some(503)));

    let error = reqwest::Client::new().get("no url").send().await.expect_err("no url");
    assert!(verdict!(anyhow::Error::from(ApiError::from(error)).context("asking")).is_local());
}
