//! A value is read by a parser that calls itself for each bracket: a hundred of them are enough for anybody.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(
    "api",
    jitter =
    ((((((((((((((((((((((((((((((((((((((((
    ((((((((((((((((((((((((((((((((((((((((
    (((((((((((((((((((((
    0.5
    ))))))))))))))))))))))))))))))))))))))))
    ))))))))))))))))))))))))))))))))))))))))
    )))))))))))))))))))))
)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
