//! What a program and its operators see of calls: snapshots, events, log lines, spans and the page for Prometheus.

mod known;
pub(crate) mod log_lines;
mod monitor;
mod monitor_events;
mod monitor_history;
mod monitor_outcomes;
mod monitor_patterns;
mod monitor_sites;
mod monitor_uncounted;
mod prometheus;
mod rates;
mod sample;
#[cfg(feature = "otel")]
mod spans;
