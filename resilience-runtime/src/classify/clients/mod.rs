//! Classification of the errors of well-known clients, each behind the feature that is named like the client.

#[cfg(feature = "hyper-util")]
mod hyper_util;
#[cfg(feature = "redis-1")]
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
mod table;
#[cfg(feature = "tokio-postgres")]
mod tokio_postgres;
#[cfg(feature = "tonic")]
mod tonic;

pub(super) use table::{clients, known};
