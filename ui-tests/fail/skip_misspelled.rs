//! The only word here is `skip`.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api")]
impl Client {
    #[resilience(ignore)]
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
