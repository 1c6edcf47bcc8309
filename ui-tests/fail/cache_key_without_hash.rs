//! A cached answer is looked up by hash.

use resilience_runtime::graceful_degradation;

#[derive(Clone, PartialEq)]
struct City(f64);

#[graceful_degradation("weather", cache(key = city.clone()))]
async fn temperature(city: &City) -> Result<f64, String> {
    Ok(city.0)
}

fn main() {}
