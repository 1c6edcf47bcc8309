//! Decides whether the settings of a Redis server may lose records. In: what it says of itself, once for each connection. Out: what
//! is amiss, told once.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::time::timeout;

use crate::events::{Event, Rare, emit};
use crate::sync::lock;
use crate::wakers::shielded;

/// To be told; nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is amiss with a server.
#[derive(Debug, Default)]
pub(super) struct Advice {
    store: String,
    amiss: Mutex<Vec<Amiss>>,
}

/// How a server may lose what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    Evicts,
    KeepsNoLog,
}

impl Advice {
    pub(super) fn new(store: &str) -> Self {
        Self { store: store.to_owned(), amiss: Mutex::default() }
    }

    /// Asks over a new connection. A server that does not say is not warned of.
    pub(super) async fn ask(&self, mut connection: MultiplexedConnection) {
        let mut info =
            async |section| redis::cmd("INFO").arg(section).query_async(&mut connection).await.ok();
        let asked = async {
            // A connection that breaks between the two has said nothing.
            let (memory, persistence): (String, String) = (info("memory").await?, info("persistence").await?);
            Some(amiss(&memory, &persistence))
        };
        if let Ok(Some(amiss)) = timeout(PATIENCE, asked).await {
            self.take(amiss);
        }
    }

    fn take(&self, found: Vec<Amiss>) {
        let new: Vec<_> = {
            let mut amiss = lock(&self.amiss);
            let new = found.iter().copied().filter(|found| !amiss.contains(found)).collect();
            *amiss = found;
            new
        };
        for finding in &new {
            // A subscriber that panics would otherwise end the work of the thread in its middle.
            shielded(|| {
                emit(&Event::Rare(Rare::Found { finding: &About { store: &self.store, finding } }), &());
            });
        }
    }

    /// What is amiss, as the last connection has found it.
    pub(super) fn warnings(&self) -> Vec<String> {
        lock(&self.amiss).iter().map(ToString::to_string).collect()
    }
}

/// What two sections of `INFO` say.
fn amiss(memory: &str, persistence: &str) -> Vec<Amiss> {
    let value = |section: &str, name: &str| {
        let line = section.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned())
    };
    let mut amiss = Vec::new();
    if value(memory, "maxmemory_policy").is_some_and(|policy| policy != "noeviction") {
        amiss.push(Amiss::Evicts);
    }
    if value(persistence, "aof_enabled").is_some_and(|enabled| enabled == "0") {
        amiss.push(Amiss::KeepsNoLog);
    }
    amiss
}

impl fmt::Display for Amiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evicts => {
                "`maxmemory-policy` is not `noeviction`: records may be evicted, and operations run again"
            }
            Self::KeepsNoLog => {
                "`appendonly` is off: records may be lost in a restart, and operations run again"
            }
        })
    }
}

struct About<'a> {
    store: &'a str,
    finding: &'a Amiss,
}

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store `{}`: {}", self.store, self.finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_evicts_or_keeps_no_log_is_warned_of() {
        let memory = |policy: &str| format!("# Memory\r\nused_memory:1\r\nmaxmemory_policy:{policy}\r\n");
        let log = |enabled: &str| format!("# Persistence\r\nloading:0\r\naof_enabled:{enabled}\r\n");
        assert_eq!(amiss(&memory("noeviction"), &log("1")), []);
        assert_eq!(amiss(&memory("allkeys-lru"), &log("1")), [Amiss::Evicts]);
        assert_eq!(amiss(&memory("noeviction"), &log("0")), [Amiss::KeepsNoLog]);
        assert_eq!(amiss("", ""), [], "a server that does not say");
    }
}
