use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(list: Vec<u32>) -> Result<usize, String> {
    list.push(1);
    Ok(list.len())
}

fn main() {}
