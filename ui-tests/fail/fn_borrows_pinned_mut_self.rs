//! A result that borrows from a pinned mutable reference.

use resilience_runtime::comprehensive_retry;

use std::pin::Pin;

struct Client(String);

impl Client {
    #[comprehensive_retry("api")]
    async fn call(self: Pin<&mut Self>) -> Result<&str, String> {
        Ok(&self.get_mut().0)
    }
}

fn main() {}
