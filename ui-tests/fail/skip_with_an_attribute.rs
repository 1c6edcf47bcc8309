//! `skip` and an attribute on the same method contradict each other.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    #[resilience(skip)]
    #[resilient_service(max_attempts = 1)]
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
