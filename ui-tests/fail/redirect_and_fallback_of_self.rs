//! Two methods cannot both have `self` by value.

use resilience_runtime::comprehensive_retry;

use std::sync::Arc;

struct Client;

impl Client {
    #[comprehensive_retry("api", redirect = Self::other, fallback = Self::other)]
    async fn call(self: Arc<Self>) -> Result<u32, String> {
        Ok(1)
    }

    async fn other(self: Arc<Self>) -> Result<u32, String> {
        Ok(2)
    }
}

fn main() {}
