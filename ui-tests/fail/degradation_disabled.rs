//! Sources of degradation while degradation is switched off.

use resilience_runtime::resilient_service;

fn other() -> Result<u32, String> {
    Ok(1)
}

#[resilient_service("api", degradation_enabled = false, cache(), fallback = other, static_response = 1)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
