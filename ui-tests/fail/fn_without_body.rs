//! A trait method without a body: the attribute belongs on the implementations.

use resilience_runtime::comprehensive_retry;

trait Port {
    #[comprehensive_retry("api")]
    async fn call(&self) -> Result<(), String>;
}

fn main() {}
