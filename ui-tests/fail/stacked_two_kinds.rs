//! Two kinds of one service.

use resilience_runtime::{retry_database, retry_http_api};

#[retry_database("api")]
#[retry_http_api("api")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
