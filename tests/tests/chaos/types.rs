//! Which errors can be injected where the type of a function's error is a type parameter, of the function or of the `impl`
//! block around it, and where it only looks like one.

use std::io::{self, ErrorKind};
use std::marker::PhantomData;

use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{Injectable, Rejection, comprehensive_retry};

use crate::idle;

/// Nothing is said of it to chaos.
#[derive(Debug, PartialEq, thiserror::Error)]
enum Refusal {
    #[error("down")]
    Down,
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// Known to chaos.
#[derive(Debug, thiserror::Error)]
enum Declared {
    #[error("down")]
    Down,
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

impl Injectable for Declared {}

#[derive(Debug, PartialEq)]
struct Wrapped<Inner>(Inner);

impl From<Rejection> for Wrapped<Refusal> {
    fn from(rejection: Rejection) -> Self {
        Self(rejection.into())
    }
}

trait Port {
    type Error;
}

struct Socket;

impl Port for Socket {
    type Error = Refusal;
}

/// A client over any error, with a type parameter that has a name of its own.
struct Client<Problem>(PhantomData<fn() -> Problem>);

impl<Problem: From<Rejection> + std::error::Error> Client<Problem> {
    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn ask(&self) -> Result<u64, Problem> {
        Ok(7)
    }

    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn find(&self) -> Result<Option<u64>, Problem> {
        Ok(Some(7))
    }
}

impl<Problem: Injectable + From<Rejection> + std::error::Error> Client<Problem> {
    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn declared(&self) -> Result<u64, Problem> {
        Ok(7)
    }
}

impl<Problem: 'static + Unpin + From<Rejection> + std::error::Error> Client<Problem> {
    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn owned(&self) -> Result<u64, Problem> {
        Ok(7)
    }
}

impl<Problem: std::error::Error> Client<Problem>
where
    Wrapped<Problem>: From<Rejection>,
{
    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn wrapped(&self) -> Result<u64, Wrapped<Problem>> {
        Ok(7)
    }
}

/// A client over an associated type.
struct Over<Transport>(PhantomData<fn() -> Transport>);

impl<Transport: Port<Error: From<Rejection> + std::error::Error>> Over<Transport> {
    #[comprehensive_retry("typed", max_attempts = 1)]
    async fn ask(&self) -> Result<u64, Transport::Error> {
        Ok(7)
    }
}

#[comprehensive_retry("typed", max_attempts = 1)]
async fn plain() -> Result<u64, Refusal> {
    Ok(7)
}

#[comprehensive_retry("typed", max_attempts = 1)]
async fn nested() -> Result<u64, Wrapped<Refusal>> {
    Ok(7)
}

#[comprehensive_retry("typed", max_attempts = 1)]
async fn erased() -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    Ok(7)
}

#[tokio::test]
async fn an_error_of_any_concrete_type_is_injected() {
    testing::isolated(async {
        let plain_rule = chaos::rule("typed@plain").error(|| Refusal::Down).arm();
        assert_eq!(plain().await, Err(Refusal::Down));
        let _nested = chaos::rule("typed@nested").error(|| Wrapped(Refusal::Down)).arm();
        assert_eq!(nested().await.expect_err("the rule").0, Refusal::Down);
        let _erased = chaos::rule("typed@erased").io_error(ErrorKind::TimedOut).arm();
        assert!(erased().await.expect_err("the rule").downcast_ref::<io::Error>().is_some());
        assert_eq!((plain_rule.injected(), idle()), (1, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn a_type_parameter_may_borrow_so_that_nothing_is_injected_unless_it_is_known_to_own() {
    testing::isolated(async {
        let rule = chaos::rule("typed").named("generic").error(|| Refusal::Down).arm();
        let client = Client::<Refusal>(PhantomData);
        assert_eq!(client.ask().await, Ok(7));
        assert_eq!(client.find().await, Ok(Some(7)));
        assert_eq!(client.wrapped().await.expect("it runs"), 7);
        assert_eq!(Over::<Socket>(PhantomData).ask().await, Ok(7));
        assert_eq!((rule.injected(), idle().len()), (0, 1));
        assert!(idle()[0].contains("`generic`") && idle()[0].contains("Injectable"), "{:?}", idle());
        assert_eq!(client.owned().await, Err(Refusal::Down));

        let _declared = chaos::rule("typed").named("generic").error(|| Declared::Down).arm();
        let client = Client::<Declared>(PhantomData);
        assert!(matches!(client.declared().await, Err(Declared::Down)));
    })
    .await;
}
