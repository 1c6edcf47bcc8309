//! `self` is shared and not cloned.

use resilience_runtime::comprehensive_retry;

#[derive(Clone)]
struct Client;

impl Client {
    #[comprehensive_retry("api", clone(self))]
    async fn call(self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
