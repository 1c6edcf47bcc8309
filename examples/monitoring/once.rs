//! Sees one trouble come and go as an operator would, through the API of the dashboard, and says so.

use std::error::Error;
use std::time::{Duration, Instant};

use examples::say;
use reqwest::Client;
use resilience_runtime::monitor;

use crate::trouble::{CYCLE, Condition, Script};

/// The service whose trouble is awaited.
const WATCHED: &str = "postgres_orders";

pub(crate) async fn see(script: Script, url: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::new();
    let page = client.get(format!("{url}/")).send().await?.error_for_status()?.text().await?;
    if !page.contains("<title>") {
        return Err("the dashboard is not served at `/`".into());
    }
    until("the database is down", || script.condition(WATCHED) == Condition::Down).await?;
    let began = Instant::now();
    until("its breaker opens", || state_of(WATCHED) == "open").await?;
    say(&format!("the breaker opened {:.1} s after the database went away", began.elapsed().as_secs_f64()));
    let metrics = client.get(format!("{url}/metrics")).send().await?.error_for_status()?.text().await?;
    let line = format!("resilience_breaker_state{{dependency=\"{WATCHED}\",state=\"closed\"}} 0");
    if !metrics.contains(&line) {
        return Err(format!("the page for Prometheus does not say `{line}`").into());
    }
    let health = monitor().health(WATCHED).ok_or("an unknown service")?;
    say(&format!("health {} of 100: {}", health.score, health.reasons.join(", ")));
    until("the breaker closes again", || state_of(WATCHED) == "closed").await?;
    let data = monitor().dashboard_data();
    let transitions =
        data.services.iter().find(|service| service.name == WATCHED).ok_or("an unknown service")?;
    let calls: u64 = data.services.iter().map(|service| service.calls.ended()).sum();
    let stood_in = transitions.calls.degraded;
    if stood_in == 0 {
        return Err("nobody stood in for the database".into());
    }
    say(&format!(
        "ok: {calls} calls to {} services; a breaker opened and closed, and {stood_in} callers got a stand-in's answer",
        data.services.len(),
    ));
    Ok(())
}

fn state_of(service: &str) -> &'static str {
    monitor().service(service).map_or("unknown", |service| service.breaker.state)
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > CYCLE {
            return Err(format!("in {CYCLE:?} it has not come about that {what}").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
