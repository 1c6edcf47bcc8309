//! Faults on purpose, while the shop runs: an operator arms a rule over HTTP, sees it in the dashboard within a second, and
//! disarms it, after which nothing of it is left.

use std::error::Error;
use std::time::{Duration, Instant};

use examples::say;
use reqwest::{Client, RequestBuilder};
use resilience_runtime::testing::chaos;
use serde_json::{Value, json};

use crate::trouble::Trouble;

/// A service that is well and called all the time.
const WATCHED: &str = "redis_sessions";

/// How long an operator looks for what was done.
const SOON: Duration = Duration::from_secs(1);

/// Lets operators inject faults, and says what the errors of the shop are made with.
pub(crate) fn allow() {
    chaos::allow();
    chaos::register("trouble", || Trouble::ConnectionRefused);
}

/// Injects errors, and ends that again.
pub(crate) async fn see(url: &str) -> Result<(), Box<dyn Error>> {
    let Ok(token) = std::env::var("RESILIENCE_OPERATOR_TOKEN") else {
        say("no faults are injected: set RESILIENCE_OPERATOR_TOKEN");
        return Ok(());
    };
    let client = Client::new();
    let answer = async |request: RequestBuilder| -> Result<Value, Box<dyn Error>> {
        let answer = request.bearer_auth(&token).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    };
    let injections = async || -> Result<u64, Box<dyn Error>> {
        let data = answer(client.get(format!("{url}/api/dashboard"))).await?;
        let services = data["services"].as_array().ok_or("no services")?;
        let watched = services.iter().find(|service| service["name"] == WATCHED);
        Ok(watched.and_then(|service| service["injections"]["rehearsal"].as_u64()).unwrap_or(0))
    };
    wait_for(WATCHED).await?;
    let rule = json!({"name": "rehearsal", "target": WATCHED, "error": "trouble", "rate": 0.5});
    let rule = client
        .post(format!("{url}/api/chaos"))
        .header("content-type", "application/json")
        .body(rule.to_string());
    answer(rule).await?;
    let armed = Instant::now();
    while injections().await? == 0 {
        if armed.elapsed() > SOON {
            return Err(format!("the rule is not seen in the dashboard within {SOON:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seen = armed.elapsed();
    let disarmed = answer(client.delete(format!("{url}/api/chaos/rehearsal"))).await?;
    // An attempt that was hit just before may still be on its way.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (left, rules) = (injections().await?, answer(client.get(format!("{url}/api/chaos"))).await?);
    tokio::time::sleep(Duration::from_millis(300)).await;
    if injections().await? != left || rules["rules"] != json!([]) {
        return Err(format!("the rule goes on after it was disarmed: {disarmed}").into());
    }
    say(&format!(
        "a rule was seen in the dashboard {} ms after it was armed, hit {left} attempts, and is gone",
        seen.as_millis()
    ));
    Ok(())
}

/// Waits until the service has been called.
async fn wait_for(service: &str) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    while resilience_runtime::monitor().service(service).is_none_or(|service| service.calls.ended() == 0) {
        if began.elapsed() > Duration::from_secs(10) {
            return Err(format!("nobody calls `{service}`").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
