//! A trait has no calls to cover.

use resilience_runtime::resilient_service;

#[resilient_service("api")]
trait Port {
    async fn call(&self) -> Result<u32, String>;
}

fn main() {}
