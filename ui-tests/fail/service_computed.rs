//! Code that makes a text, as the service: a macro cannot run it.

use resilience_runtime::comprehensive_retry;

const N: &str = "api";
const NAMES: [&str; 1] = [N];

fn name() -> &'static str {
    N
}

#[comprehensive_retry(concat!("a", "b"))]
async fn one() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(&N, HttpApi)]
async fn two() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(name(), max_attempts = 2)]
async fn three() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(NAMES[0])]
async fn four() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(N, jitter = N, deadline = std::time::Duration::from_secs(5))]
async fn five() -> Result<(), String> {
    Ok(())
}

fn main() {}
