//! Only one attribute covers blocks.

use resilience_runtime::graceful_degradation;

struct Client;

#[graceful_degradation("api")]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
