//! A failed attempt would still hold the borrow, under async-trait.

use resilience_runtime::comprehensive_retry;

#[async_trait::async_trait]
trait Port {
    #[comprehensive_retry("api")]
    async fn call<'a>(&'a mut self) -> Result<&'a str, String> {
        Ok("")
    }
}

fn main() {}
