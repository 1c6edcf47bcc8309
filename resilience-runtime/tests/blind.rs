//! An error of a client whose feature is missing is retried, and said once to be.
#![cfg(all(feature = "macros", not(feature = "reqwest")))]

use resilience_runtime::{Rejection, comprehensive_retry, registry};

fn ended(_: Rejection) -> reqwest::Error {
    failed()
}

fn failed() -> reqwest::Error {
    reqwest::Client::new().get("no url").build().expect_err("no url")
}

#[comprehensive_retry("search", max_attempts = 3, base_delay = 0, on_rejection = ended)]
async fn search() -> Result<u32, reqwest::Error> {
    Err(failed())
}

fn findings() -> Vec<String> {
    let all = registry().findings();
    all.iter().map(ToString::to_string).filter(|text| text.contains("blindly")).collect()
}

#[tokio::test]
async fn the_missing_feature_is_named_once() {
    assert_eq!(findings(), [""; 0]);
    for _ in 0..3 {
        search().await.expect_err("it always fails");
    }
    assert_eq!(findings(), ["a `reqwest::Error` of `search` is retried blindly: enable feature `reqwest`"]);
}
