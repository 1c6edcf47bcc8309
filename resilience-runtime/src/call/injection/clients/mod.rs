//! Errors of well-known clients, made to be injected. In: an error of the standard library, which a rule or a script has. Out: the
//! same as a client would report it, each behind the feature that is named like the client.
//!
//! Only what the public interface of a client makes: what it reports when the connection to nowhere that it is given fails in
//! that way. No socket is opened, and nothing is waited for.

mod by_type;
#[cfg(feature = "hyper-util")]
mod hyper_util;
mod known;
#[cfg(any(
    feature = "hyper-util",
    feature = "redis-1",
    feature = "reqwest",
    feature = "sqlx",
    feature = "tokio-postgres",
    feature = "tonic"
))]
mod of_io;
#[cfg(any(feature = "reqwest", feature = "hyper-util", feature = "tokio-postgres"))]
mod polled;
#[cfg(feature = "redis-1")]
mod redis;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "reqwest-middleware")]
mod reqwest_middleware;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tokio-postgres")]
mod tokio_postgres;
#[cfg(feature = "tonic")]
mod tonic;

pub(super) use self::by_type::take_by_type;
pub(super) use self::known::for_each_client;
#[cfg(any(
    feature = "hyper-util",
    feature = "redis-1",
    feature = "reqwest",
    feature = "sqlx",
    feature = "tokio-postgres",
    feature = "tonic"
))]
pub(super) use self::of_io::take_of_io;
