//! With `self`, an elided lifetime is its own.

use resilience_runtime::comprehensive_retry;

struct Client(String);

impl Client {
    #[comprehensive_retry("api")]
    async fn call(&mut self, _other: &str) -> Result<std::borrow::Cow<'_, str>, String> {
        Ok(self.0.as_str().into())
    }
}

fn main() {}
