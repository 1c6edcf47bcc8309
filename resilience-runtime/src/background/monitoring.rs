//! Starts the background work of `monitor().start()`. In: a registry. Out: a guard that keeps it going.

use super::keeper;
use crate::observe::{Monitor, Sampling};
use crate::registry::Registry;

/// Keeps readings, summaries and the server of the file going, until dropped. Made by [`Monitor::start`].
#[derive(Debug)]
#[must_use = "what is started goes on only as long as this is kept"]
pub struct Monitoring {
    registry: &'static Registry,
    _sampling: Sampling,
    #[cfg(feature = "testing")]
    summaries: Option<tokio::task::AbortHandle>,
}

impl Monitor {
    /// Starts what belongs to a program that runs for long, until the guard is dropped:
    ///
    /// * **Readings** are taken every two seconds, so that the first question finds the last minutes known.
    /// * **A summary**: each `metrics_export_interval` of `[global]`, a minute unless the file says otherwise, one line of
    ///   level INFO and target `resilience::summary` for each service with traffic.
    /// * **The server** of dashboard and metrics, with feature `server` and `prometheus_enabled = true` in `[global]`, at
    ///   `prometheus_address` and `prometheus_port`. It follows the file: another port, off and on again. Where it cannot
    ///   listen, that is told as an event of level ERROR, and tried again every few seconds; nothing else stops.
    ///
    /// Several guards share one of each. The last to be dropped ends all of it, and the port is free then; that takes two
    /// seconds at most.
    ///
    /// ```
    /// # #[cfg(feature = "config")] {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("resilience.toml");
    /// # std::fs::write(&path, "[global]\nmetrics_export_interval = \"5m\"\n")?;
    /// let _watch = resilience_runtime::watch_config_file(&path)?;
    /// let _monitoring = resilience_runtime::monitor().start();
    /// // … the program, for as long as it serves
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(self) -> Monitoring {
        let registry = self.registry();
        let sampling = Sampling::start(registry);
        keeper::join(registry);
        Monitoring {
            registry,
            _sampling: sampling,
            #[cfg(feature = "testing")]
            summaries: keeper::summaries_by_task(registry),
        }
    }
}

impl Drop for Monitoring {
    fn drop(&mut self) {
        #[cfg(feature = "testing")]
        if let Some(summaries) = &self.summaries {
            summaries.abort();
        }
        keeper::leave(self.registry);
    }
}
