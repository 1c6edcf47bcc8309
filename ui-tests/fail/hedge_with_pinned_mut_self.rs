//! The same behind a pin.

use resilience_runtime::comprehensive_retry;

struct Client;

impl Client {
    #[comprehensive_retry("api", idempotent = true, hedge(after = P95))]
    async fn call(self: std::pin::Pin<&mut Self>) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
