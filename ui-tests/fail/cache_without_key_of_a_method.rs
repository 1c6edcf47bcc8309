//! One answer for every value of `self`.

use resilience_runtime::comprehensive_retry;

struct Client(u32);

impl Client {
    #[comprehensive_retry("api", cache())]
    async fn call(&self) -> Result<u32, String> {
        Ok(self.0)
    }
}

fn main() {}
