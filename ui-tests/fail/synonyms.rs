use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", circuit_breaker(failure_rate = 0.5), backoff = Fixed, service_type = Database)]
async fn one() -> Result<u32, String> {
    Ok(5)
}

#[comprehensive_retry("api", retry(max_attempts = 3), timeout = 5, breaker(reset_timeout = 5, failure_rate = 50))]
async fn two() -> Result<u32, String> {
    Ok(5)
}

#[comprehensive_retry("api", retryable_status_codes = ["5xx"])]
async fn three() -> Result<u32, String> {
    Ok(5)
}

fn main() {}
