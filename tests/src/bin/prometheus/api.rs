//! A question goes in, what the Prometheus server says to it comes out.

use std::net::SocketAddr;

use serde_json::Value;

use crate::http::{self, encoded};

pub(crate) struct Api(SocketAddr);

impl Api {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self(address)
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        let answer = http::get(self.0, path, "")?;
        let mut json: Value =
            serde_json::from_str(&answer.body).map_err(|fault| format!("{path}: {fault}"))?;
        if json["status"] != "success" {
            return Err(format!("{path}: {}", json["error"]));
        }
        Ok(json["data"].take())
    }

    /// The series that a query answers with, now.
    pub(crate) fn query(&self, query: &str) -> Result<Vec<Value>, String> {
        let data = self.get(&format!("/api/v1/query?query={}", encoded(query)))?;
        Ok(data["result"].as_array().cloned().unwrap_or_default())
    }

    /// One series at least, with a number.
    pub(crate) fn answers(&self, query: &str) -> Result<(), String> {
        let is_number = |series: &Value| series["value"][1].as_str().is_some_and(|value| value != "NaN");
        if self.query(query)?.iter().any(is_number) {
            return Ok(());
        }
        Err(format!("no answer to {query}"))
    }

    pub(crate) fn targets_are_up(&self, count: usize) -> Result<(), String> {
        let data = self.get("/api/v1/targets")?;
        let targets = data["activeTargets"].as_array().ok_or("no targets")?;
        let is_up = |target: &&Value| target["health"] == "up" && target["lastError"] == "";
        if targets.iter().filter(is_up).count() == count {
            return Ok(());
        }
        Err(targets.iter().map(|target| target["lastError"].to_string()).collect())
    }

    fn rules(&self) -> Result<Vec<Value>, String> {
        let data = self.get("/api/v1/rules")?;
        let groups = data["groups"].as_array().ok_or("no groups")?;
        Ok(groups.iter().filter_map(|group| group["rules"].as_array()).flatten().cloned().collect())
    }

    /// The names of all alerts.
    pub(crate) fn alerts(&self) -> Result<Vec<String>, String> {
        let rules = self.rules()?;
        let alerts = rules.iter().filter(|rule| rule["type"] == "alerting");
        Ok(alerts.filter_map(|rule| rule["name"].as_str().map(str::to_owned)).collect())
    }

    /// The names of those that fire for a service.
    pub(crate) fn firing(&self, service: &str) -> Result<Vec<String>, String> {
        let firing = self.query(&format!("ALERTS{{alertstate='firing',service='{service}'}}"))?;
        let names = firing.iter().filter_map(|series| series["metric"]["alertname"].as_str());
        Ok(names.map(str::to_owned).collect())
    }

    /// What is recorded has an answer for that service.
    pub(crate) fn records_answer(&self, service: &str) -> Result<(), String> {
        for rule in self.rules()?.iter().filter(|rule| rule["type"] == "recording") {
            let name = rule["name"].as_str().ok_or("a rule without a name")?;
            self.answers(&format!("{{__name__='{name}',service='{service}'}}"))?;
        }
        Ok(())
    }

    /// Every rule is evaluated, and what is recorded has an answer. What alarms had one when it fired, and may have none
    /// any more: latency that lasts is what is usual.
    pub(crate) fn rules_answer(&self) -> Result<(), String> {
        for rule in self.rules()? {
            let query = rule["query"].as_str().ok_or("a rule without a query")?;
            if rule["health"] != "ok" {
                return Err(format!("{}: {}", rule["name"], rule["lastError"]));
            }
            if rule["type"] == "recording" {
                self.answers(query)?;
            }
        }
        Ok(())
    }

    /// A label of ours that a target has too would come as `exported_…`.
    pub(crate) fn labels_are_clean(
        &self,
        service: &str,
        dependency: &str,
        pods: &[(&str, SocketAddr)],
    ) -> Result<(), String> {
        let labels = self.get("/api/v1/labels")?;
        let labels: Vec<_> = labels.as_array().ok_or("no labels")?.iter().filter_map(Value::as_str).collect();
        let exported: Vec<_> = labels.iter().filter(|label| label.starts_with("exported_")).collect();
        if !exported.is_empty() {
            return Err(format!("labels clash with those of the targets: {exported:?}"));
        }
        for (pod, _) in pods {
            self.answers(&format!(
                "resilience_calls_total{{service='{service}',pod='{pod}',instance=~'10.+',dependency='{dependency}'}}"
            ))?;
        }
        Ok(())
    }

    /// Whether a dependency is shown under this name.
    pub(crate) fn name_is(&self, name: &str) -> Result<(), String> {
        let series = self.query("resilience_dependency_info")?;
        let names: Vec<_> =
            series.iter().filter_map(|series| series["metric"]["dependency"].as_str()).collect();
        if names.contains(&name) {
            return Ok(());
        }
        Err(format!("{name:?} is not among {names:?}"))
    }
}
