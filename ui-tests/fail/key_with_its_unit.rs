//! The names of others, with the unit in the name: the value has it here.

use resilience_runtime::{comprehensive_retry, retry_http_api};

#[comprehensive_retry("api", timeout_ms = 500, base_delay_millis = 100, cooldown = 5)]
async fn one() -> Result<u32, String> {
    Ok(1)
}

#[retry_http_api("api", breaker(recovery_time_secs = 5, half_open_max_requests = 3))]
async fn two() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
