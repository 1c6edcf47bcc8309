//! The clients whose errors are known, each once: its feature, the type of its errors, and how that type is named.

use std::error::Error;

use crate::classify::facts::Facts;

/// Hands the table to the macro `$then`. A client whose errors hold those of another comes before it.
///
/// The columns: the feature, the type, the name that users know it by, and how the compiler's name of it begins and ends.
macro_rules! clients {
    ($then:ident) => {
        $then! {
            "reqwest-middleware", ::reqwest_middleware::Error,
                "reqwest_middleware::Error", "reqwest_middleware::", "::Error";
            "reqwest", ::reqwest::Error, "reqwest::Error", "reqwest::", "::Error";
            "tonic", ::tonic::Status, "tonic::Status", "tonic::", "::Status";
            "sqlx", ::sqlx::Error, "sqlx::Error", "sqlx_core::", "::error::Error";
            "tokio-postgres", ::tokio_postgres::Error, "tokio_postgres::Error", "tokio_postgres::", "::Error";
            "redis", ::redis::RedisError, "redis::RedisError", "redis::", "::RedisError";
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

/// What an error says if it is of a client that we know.
pub(in crate::classify) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    BY_TYPE.iter().find_map(|ask| ask(error))
}
