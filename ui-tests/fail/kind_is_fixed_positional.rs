//! A kind beside an attribute that fixes the kind.

use resilience_runtime::retry_database;

#[retry_database("api", Cache)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
