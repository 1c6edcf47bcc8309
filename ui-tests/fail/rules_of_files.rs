//! What a file refuses an attribute refuses, too: windows below the resolution of timers, adaptive delays that do not fit
//! at their widest, a queue in which nobody may wait.
use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("a", breaker(window = "50ms"), bulkhead(max_queue = 5, max_wait = 0))]
async fn short() -> Result<(), std::io::Error> {
    Ok(())
}

#[comprehensive_retry("b", strategy = Adaptive, base_delay = "1s", max_delay = "60s", max_attempts = 4, deadline = "20s")]
async fn long() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
