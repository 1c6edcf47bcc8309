//! `clone(…)` names arguments of one function, so it does not belong on a block.

use resilience_runtime::resilient_service;

struct Client;

#[resilient_service("api", clone(text))]
impl Client {
    async fn call(&self) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
