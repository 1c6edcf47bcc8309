use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", base_delay = 200, attempt_timeout = 5000, deadline = 10_000, breaker(open_for = 5000.0))]
async fn call() -> Result<u32, String> {
    Ok(5)
}

fn main() {}
