//! The errors of well-known clients, each behind the feature that is named like the client.

#[cfg(feature = "hyper-util")]
mod hyper_util;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "reqwest-middleware")]
mod reqwest_middleware;
#[cfg(feature = "tonic")]
mod retry_info;
#[cfg(any(feature = "sqlx", feature = "tokio-postgres"))]
mod sql_code;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tokio-postgres")]
mod tokio_postgres;
#[cfg(feature = "tonic")]
mod tonic;

use std::error::Error;

use super::facts::Facts;

type Ask = fn(&(dyn Error + 'static)) -> Option<Facts>;

const CLIENTS: &[Ask] = &[
    #[cfg(feature = "reqwest-middleware")]
    super::chain::one::<::reqwest_middleware::Error>,
    #[cfg(feature = "reqwest")]
    super::chain::one::<::reqwest::Error>,
    #[cfg(feature = "tonic")]
    super::chain::one::<::tonic::Status>,
    #[cfg(feature = "sqlx")]
    super::chain::one::<::sqlx::Error>,
    #[cfg(feature = "tokio-postgres")]
    super::chain::one::<::tokio_postgres::Error>,
    #[cfg(feature = "redis")]
    super::chain::one::<::redis::RedisError>,
    #[cfg(feature = "hyper-util")]
    super::chain::one::<::hyper_util::client::legacy::Error>,
];

/// What an error says if it is of a client that we know.
pub(super) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    CLIENTS.iter().find_map(|ask| ask(error))
}
