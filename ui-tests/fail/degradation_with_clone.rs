//! The only run may consume its arguments.

use resilience_runtime::graceful_degradation;

#[graceful_degradation("api", static_response = 1, clone(text))]
async fn call(text: String) -> Result<usize, String> {
    Ok(text.len())
}

fn main() {}
