//! The dashboard goes in; whether each of its queries is answered comes out. With the variables filled in as Grafana does
//! it for a chosen service and for all of its dependencies.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::api::Api;

pub(crate) fn answer(api: &Api, monitoring: &Path, service: &str) -> Result<(), String> {
    let path = monitoring.join("grafana/resilience.json");
    let text = fs::read_to_string(&path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let dashboard: Value =
        serde_json::from_str(&text).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let panels = dashboard["panels"].as_array().ok_or("no panels")?;
    let mut count = 0;
    for panel in panels {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let query = target["expr"].as_str().ok_or("a target without a query")?;
            let query = query
                .replace("$__rate_interval", "5s")
                .replace("$service", service)
                .replace("$dependency", ".*");
            api.answers(&query).map_err(|fault| format!("panel {}: {fault}", panel["title"]))?;
            count += 1;
        }
    }
    if count == 0 { Err("no query".into()) } else { Ok(()) }
}
