//! A block without a service.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service(max_attempts = 2)]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
