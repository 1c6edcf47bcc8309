//! Redirect and fallback cannot both take an argument by value.

use resilience_runtime::comprehensive_retry;

async fn first(text: String, _: u32) -> Result<usize, String> {
    Ok(text.len())
}

fn second(text: String, _: u32) -> Result<usize, String> {
    Ok(text.len())
}

#[comprehensive_retry("api", redirect = first, fallback = second)]
async fn call(text: String, id: u32) -> Result<usize, String> {
    Ok(text.len() + id as usize)
}

fn main() {}
