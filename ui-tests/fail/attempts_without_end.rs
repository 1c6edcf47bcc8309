use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = Unlimited, deadline = off)]
async fn call() -> Result<u32, String> {
    Ok(5)
}

fn main() {}
