//! Faults of each function are reported.

use resilience_runtime::comprehensive_retry;

struct Client;

impl Client {
    #[comprehensive_retry("api", zzz = 1)]
    async fn first(&self) -> Result<(), String> {
        Ok(())
    }

    #[comprehensive_retry("api", max_attempts = 0)]
    async fn second(&self) -> Result<(), String> {
        self.first().await
    }
}

fn main() {}
