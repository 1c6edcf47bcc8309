//! A method that returns a future is equivalent to an `async fn`, but not covered.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }

    fn later(&self) -> impl Future<Output = u32> {
        std::future::ready(1)
    }
}

fn main() {}
