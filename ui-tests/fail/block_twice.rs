//! Two attributes on one block.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
#[resilient_service("other")]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
