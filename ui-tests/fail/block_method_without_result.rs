//! A method without a result cannot fail.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }

    async fn count(&self) -> u32 {
        1
    }

    async fn close(&self) {}
}

fn main() {}
