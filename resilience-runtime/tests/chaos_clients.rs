//! Rules and scripts that say how a connection fails, and the errors of the known clients that are made of that: each in a
//! function that returns the client's error, in one with an error of the program's around it, and in a call by a handle.

use std::fmt::Debug;
use std::io::{self, ErrorKind};

use resilience_runtime::classify::Recovery;
use resilience_runtime::config::FindingKind;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{Classify, Rejection, Resilient, comprehensive_retry, registry};

/// Where in the chain of sources the error of the standard library is.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

fn is_idle() -> bool {
    registry().findings().iter().any(|one| one.kind() == FindingKind::IdleRule)
}

/// A rejection as a client's error, which most of them can hold somewhere.
fn other(rejection: Rejection) -> io::Error {
    io::Error::other(rejection)
}

/// For a client: a function that returns its error, one that returns an error around it, a handle; and what is seen in each.
macro_rules! clients {
    ($($client:ident $error:ty, $rejected:expr, $seen:expr;)+) => {$(
        mod $client {
            use super::*;

            type Error = $error;

            #[derive(Debug, thiserror::Error)]
            enum Around {
                #[error("the client")]
                Client(#[from] Error),
                #[error(transparent)]
                Rejected(#[from] Rejection),
            }

            fn rejected(rejection: Rejection) -> Error {
                $rejected(rejection)
            }

            #[comprehensive_retry("client", max_attempts = 1, breaker = off, on_rejection = rejected)]
            async fn ask() -> Result<u64, Error> {
                Ok(7)
            }

            #[comprehensive_retry("client", max_attempts = 1, breaker = off)]
            async fn around() -> Result<u64, Around> {
                Ok(7)
            }

            #[tokio::test]
            async fn fails_as_its_connection_does() {
                let seen: fn(&Error) -> bool = $seen;
                testing::isolated(async {
                    let rule = chaos::rule("client").io_error(ErrorKind::ConnectionRefused).arm();
                    let error = ask().await.expect_err("the rule");
                    assert!(seen(&error), "{error:?}");
                    assert!(error.classify().is_retry(), "{error:?}");

                    let error = around().await.expect_err("the rule");
                    assert!(matches!(&error, Around::Client(error) if seen(error)), "{error:?}");

                    let handle = Resilient::service("client").max_attempts(1).build();
                    let call = handle.on_rejection(rejected).call(|| async { Ok::<u64, Error>(7) });
                    let error = call.await.expect_err("the rule");
                    assert!(seen(&error), "{error:?}");
                    assert_eq!(rule.injected(), 3);
                    drop(rule);

                    let script = testing::script("client").fail(ErrorKind::TimedOut).times(2);
                    let errors = (ask().await.expect_err("a step"), around().await.expect_err("a step"));
                    assert!(errors.0.classify().is_retry(), "{errors:?}");
                    script.assert_done();

                    // What a closure makes is taken by whatever is made from it.
                    let made = || <Error as Made>::made();
                    let _rule = chaos::rule("client@around").error(made).arm();
                    let error = around().await.expect_err("the rule");
                    assert!(matches!(error, Around::Client(_)), "{error:?}");
                    assert!(!is_idle());
                })
                .await;
            }
        }
    )+};
}

/// An error of a client for rules with a closure.
trait Made: Sized + Debug {
    fn made() -> Self;
}

clients! {
    with_reqwest ::reqwest::Error, |_| unreachable!("nothing is turned away"),
        |error| error.is_connect() && io_kind(error) == Some(ErrorKind::ConnectionRefused)
            && error.classify() == Recovery::retry().not_sent();
    with_middleware ::reqwest_middleware::Error, ::reqwest_middleware::Error::middleware,
        |error| matches!(error, ::reqwest_middleware::Error::Reqwest(error) if error.is_connect());
    with_hyper_util ::hyper_util::client::legacy::Error, |_| unreachable!("nothing is turned away"),
        |error| error.is_connect() && io_kind(error) == Some(ErrorKind::ConnectionRefused)
            && error.classify() == Recovery::retry().not_sent();
    with_tonic ::tonic::Status, |rejection| ::tonic::Status::from_error(Box::new(rejection)),
        |error| error.code() == ::tonic::Code::Unavailable;
    with_sqlx ::sqlx::Error, |rejection| ::sqlx::Error::Io(other(rejection)),
        |error| matches!(error, ::sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused)
            && error.classify() == Recovery::retry().not_sent();
    with_tokio_postgres ::tokio_postgres::Error, |_| unreachable!("nothing is turned away"),
        |error| io_kind(error) == Some(ErrorKind::ConnectionRefused)
            && error.classify() == Recovery::retry().not_sent();
    with_redis ::redis::RedisError, |rejection| other(rejection).into(),
        |error| error.is_io_error() && error.classify() == Recovery::retry().not_sent();
}

impl Made for reqwest::Error {
    fn made() -> Self {
        let answer = http::Response::builder().status(503).body("").expect("an answer");
        reqwest::Response::from(answer).error_for_status().expect_err("a status")
    }
}

impl Made for reqwest_middleware::Error {
    fn made() -> Self {
        reqwest_middleware::Error::middleware(std::fmt::Error)
    }
}

impl Made for hyper_util::client::legacy::Error {
    fn made() -> Self {
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new());
        let client: hyper_util::client::legacy::Client<_, String> =
            client.build(hyper_util::client::legacy::connect::HttpConnector::new());
        at_once(client.get(http::Uri::from_static("/here"))).expect_err("no host")
    }
}

impl Made for tonic::Status {
    fn made() -> Self {
        tonic::Status::resource_exhausted("busy")
    }
}

impl Made for sqlx::Error {
    fn made() -> Self {
        sqlx::Error::PoolTimedOut
    }
}

impl Made for tokio_postgres::Error {
    fn made() -> Self {
        "port = what".parse::<tokio_postgres::Config>().expect_err("no number")
    }
}

impl Made for redis::RedisError {
    fn made() -> Self {
        (redis::ErrorKind::AuthenticationFailed, "no").into()
    }
}

/// What a future gives that waits for nothing.
fn at_once<F: Future>(future: F) -> F::Output {
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits"),
    }
}
