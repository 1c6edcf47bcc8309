//! Shows every key of `[global]` with its value, written or not, as a file would say it.

use crate::config::global::{BREAKER_SWITCH, BUDGET_SWITCH, GlobalSettings, MODE};
use crate::policy::Value;

impl GlobalSettings {
    /// The value of every key of `[global]` by its dotted path, in the order of the documentation.
    pub fn values(&self) -> Vec<(&'static str, Value)> {
        let shedding = &self.shedding;
        let limit = |limit: Option<u32>| limit.map_or(Value::Off, |limit| Value::Count(limit.into()));
        vec![
            ("enable_global_metrics", Value::Switch(self.enable_global_metrics)),
            ("metrics_export_interval", Value::Duration(self.metrics_export_interval)),
            ("max_concurrent_retries_global", Value::Count(self.max_concurrent_retries.into())),
            (BREAKER_SWITCH, Value::Switch(self.circuit_breaker_enabled)),
            (BUDGET_SWITCH, Value::Switch(self.retry_budget_enabled)),
            (MODE, Value::Mode(self.mode)),
            ("prometheus_enabled", Value::Switch(self.prometheus_enabled)),
            ("prometheus_port", Value::Count(self.prometheus_port.into())),
            ("prometheus_address", Value::Address(Box::new(self.prometheus_address))),
            ("tracing_spans", Value::Switch(self.tracing_spans)),
            ("shedding.enabled", Value::Switch(shedding.enabled)),
            ("shedding.cpu", Value::Number(shedding.cpu.get())),
            ("shedding.memory", Value::Number(shedding.memory.get())),
            ("shedding.scheduler_lag", Value::Duration(shedding.scheduler_lag)),
            ("shedding.queue_time", Value::Duration(shedding.queue_time)),
            ("shedding.max_in_flight", limit(shedding.max_in_flight)),
            ("shedding.recover_after", Value::Duration(shedding.recover_after)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::global::{SHEDDING, global_keys};

    #[test]
    fn every_key_is_there_in_its_order() {
        let settings = GlobalSettings::default();
        let names: Vec<&str> = settings.values().into_iter().map(|(name, _)| name).collect();
        let keys: Vec<String> = global_keys().into_iter().filter(|key| key != SHEDDING).collect();
        assert_eq!(names, keys);
    }
}
