//! A fault of the block is reported once, not for each method.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api", max_attempts = 0)]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }

    async fn again(&self) -> Result<u32, String> {
        Ok(2)
    }
}

fn main() {}
