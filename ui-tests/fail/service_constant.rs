//! A constant as the service: a macro cannot see it.

use resilience_runtime::comprehensive_retry;

const NAME: &str = "api";

mod names {
    pub const API: &str = "api";
}

#[comprehensive_retry(NAME)]
async fn one() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(names::API, HttpApi)]
async fn two() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(service = NAME)]
async fn three() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(service = concat!("a", "b"))]
async fn four() -> Result<(), String> {
    Ok(())
}

fn main() {}
