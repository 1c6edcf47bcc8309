//! A failed attempt would still hold the borrow.

use resilience_runtime::comprehensive_retry;

struct Client(String);

impl Client {
    #[comprehensive_retry("api")]
    async fn call(&mut self) -> Result<&str, String> {
        Ok(&self.0)
    }
}

fn main() {}
