//! A round in which the library counts nothing: its counters do not change, and what callers observe is not compared
//! with them.

use resilience_runtime::monitor::Stats;
use resilience_runtime::registry;

use crate::findings::hold;
use crate::ledger::Ledger;
use crate::scenes::Scene;

/// The counts before such a round.
pub(crate) struct Uncounted(Vec<(&'static Ledger, Stats)>);

fn stats(ledger: &Ledger) -> Stats {
    registry().service(ledger.service).map(registry::Service::stats).unwrap_or_default()
}

impl Uncounted {
    pub(crate) fn begin(scenes: &[&'static Scene]) -> Self {
        let ledgers = scenes.iter().flat_map(|scene| scene.ledgers).copied();
        Self(ledgers.inspect(|ledger| ledger.mark()).map(|ledger| (ledger, stats(ledger))).collect())
    }

    pub(crate) fn end(self) {
        for (ledger, before) in self.0 {
            ledger.forget();
            hold(stats(ledger) == before, ledger.scene, "nothing is counted while counting is off", || {
                format!("{}: {before:?}, and then {:?}", ledger.service, stats(ledger))
            });
        }
    }
}
