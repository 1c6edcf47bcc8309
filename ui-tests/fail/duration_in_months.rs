use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", deadline = "5M")]
async fn call() -> Result<u32, String> {
    Ok(5)
}

fn main() {}
