//! The errors of well-known clients, each behind the feature that is named like the client.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tonic")]
mod retry_info;
#[cfg(feature = "sqlx")]
mod sql_code;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tonic")]
mod tonic;

use std::error::Error;

use super::facts::Facts;

type Ask = fn(&(dyn Error + 'static)) -> Option<Facts>;

const CLIENTS: &[Ask] = &[
    #[cfg(feature = "reqwest")]
    super::chain::one::<::reqwest::Error>,
    #[cfg(feature = "tonic")]
    super::chain::one::<::tonic::Status>,
    #[cfg(feature = "sqlx")]
    super::chain::one::<::sqlx::Error>,
];

/// What an error says if it is of a client that we know.
pub(super) fn known(error: &(dyn Error + 'static)) -> Option<Facts> {
    CLIENTS.iter().find_map(|ask| ask(error))
}
