//! The list of clients whose errors are classified: a new one begins with a row here. In: an error. Out: its facts, if it is of a
//! known client. Each client is listed once: its feature, its error type, and the names of that type.

use std::error::Error;

use crate::classify::facts::Facts;

/// Passes the table to the macro `$then`. A client whose errors wrap those of another comes before it.
///
/// The columns: the feature, the type, the name that users know it by, and the beginning and end of the compiler's
/// name.
macro_rules! clients {
    ($then:ident) => {
        $then! {
            "reqwest-middleware", ::reqwest_middleware::Error,
                "reqwest_middleware::Error", "reqwest_middleware::", "::Error";
            "reqwest", ::reqwest::Error, "reqwest::Error", "reqwest::", "::Error";
            "tonic", ::tonic::Status, "tonic::Status", "tonic::", "::Status";
            "sqlx", ::sqlx::Error, "sqlx::Error", "sqlx_core::", "::error::Error";
            "tokio-postgres", ::tokio_postgres::Error, "tokio_postgres::Error", "tokio_postgres::", "::Error";
            "redis-1", ::redis::RedisError, "redis::RedisError", "redis::", "::RedisError";
            "hyper-util", ::hyper_util::client::legacy::Error,
                "hyper_util::client::legacy::Error", "hyper_util::client::legacy::", "::Error";
        }
    };
}
pub(in crate::classify) use clients;

macro_rules! by_type {
    ($($feature:literal, $error:ty, $shown:literal, $start:literal, $end:literal;)+) => {
        const BY_TYPE: &[fn(&(dyn Error + 'static)) -> Option<Facts>] = &[
            $(#[cfg(feature = $feature)] crate::classify::peel::one::<$error>,)+
        ];
    };
}

clients!(by_type);

/// The facts of an error if it is of a known client.
pub(in crate::classify) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    BY_TYPE.iter().find_map(|ask| ask(error))
}
