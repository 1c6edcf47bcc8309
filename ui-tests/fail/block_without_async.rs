//! A block without an `async fn`.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
