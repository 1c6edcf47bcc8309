//! A method takes the same keys.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    #[resilient_service(max_attempts = 1, retry_on(_))]
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
