//! The body consumes an argument that the fallback needs.

use resilience_runtime::graceful_degradation;

fn other(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[graceful_degradation("api", fallback = other)]
async fn call(text: String) -> Result<usize, String> {
    Ok(std::convert::identity(text).len())
}

fn main() {}
