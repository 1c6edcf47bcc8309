//! Arguments of one function, named for all.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api", clone(text))]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
