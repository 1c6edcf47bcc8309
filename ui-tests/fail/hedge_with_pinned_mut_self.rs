//! Copies run side by side and cannot share a pinned `&mut self`.

use resilience_runtime::comprehensive_retry;

struct Client;

impl Client {
    #[comprehensive_retry("api", idempotent = true, hedge(after = P95))]
    async fn call(self: std::pin::Pin<&mut Self>) -> Result<u32, String> {
        Ok(1)
    }
}

fn main() {}
