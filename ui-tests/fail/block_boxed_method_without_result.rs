//! A method without a result, under async-trait.

use resilience_runtime::resilient_service;

#[async_trait::async_trait]
trait Port {
    async fn count(&self) -> u32;
    async fn close(&self);
}

struct Client;

#[async_trait::async_trait]
#[resilient_service("api")]
impl Port for Client {
    async fn count(&self) -> u32 {
        1
    }

    async fn close(&self) {}
}

fn main() {}
