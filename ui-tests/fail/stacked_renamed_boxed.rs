//! A renamed sibling is not recognised, under async-trait too.

use resilience_runtime::comprehensive_retry;

use resilience_runtime::retry_http_api as again;

#[async_trait::async_trait]
trait Port {
    #[comprehensive_retry("api")]
    #[again("api")]
    async fn call(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
