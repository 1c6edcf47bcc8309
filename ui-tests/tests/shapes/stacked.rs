//! Several attributes on one function make one call.

use std::sync::Arc;

use resilience_runtime::{comprehensive_retry, retry_http_api};

use super::{Flaky, spawned};

#[tokio::test]
async fn stacked_attributes_are_one_loop() {
    #[comprehensive_retry("stacked", max_attempts = 4)]
    #[retry_http_api("stacked", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    let flaky = Arc::new(Flaky::new(99));
    assert_eq!(spawned(call(flaky.clone())).await, Err("failure 4".into()));
    assert_eq!(flaky.asked(), 4, "two loops would have made it 16");
}

#[tokio::test]
async fn stacked_attributes_by_path_and_with_others_between() {
    #[resilience_runtime::comprehensive_retry("by_path", max_attempts = 2)]
    #[must_use = "it says so"]
    #[resilience_runtime::comprehensive_retry("by_path", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    let flaky = Arc::new(Flaky::new(99));
    assert_eq!(spawned(call(flaky.clone())).await, Err("failure 2".into()));
    assert_eq!(flaky.asked(), 2);
}

#[tokio::test]
async fn attribute_behind_cfg_attr() {
    #[cfg_attr(test, comprehensive_retry("cfg_attr", max_attempts = 2))]
    #[cfg_attr(test, retry_http_api(base_delay = 0, max_delay = 0))]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    let flaky = Arc::new(Flaky::new(99));
    assert_eq!(spawned(call(flaky.clone())).await, Err("failure 2".into()));
    assert_eq!(flaky.asked(), 2);
}
