//! A round in which the library counts nothing: its counters do not change, and what callers observe is not compared
//! with them.

use resilience_runtime::monitor::{AttemptOutcome, CallerOutcome, Stats};
use resilience_runtime::{Ending, RejectionKind, Source, registry};

use crate::checks::findings::hold;
use crate::checks::ledger::Ledger;
use crate::scenes::Scene;

/// The counts before such a round.
pub(crate) struct Uncounted(Vec<(&'static Ledger, Stats)>);

fn stats(ledger: &Ledger) -> Stats {
    registry().service(ledger.service).map(registry::Service::stats).unwrap_or_default()
}

/// What calls have counted. What breakers do is counted in any case, and so is the time in their states.
fn counted(stats: &Stats) -> Vec<u64> {
    let mut counts = vec![stats.started(), stats.ended(), stats.cache_hits(), stats.fallbacks_skipped()];
    counts.extend(CallerOutcome::ALL.iter().map(|outcome| stats.outcomes(*outcome)));
    counts.extend(AttemptOutcome::ALL.iter().map(|outcome| stats.attempts(*outcome)));
    counts.extend(RejectionKind::ALL.iter().map(|kind| stats.rejections(*kind)));
    counts.extend(Ending::ALL.iter().map(|ending| stats.endings(*ending)));
    counts.extend(Source::ALL.iter().map(|source| stats.fallbacks(*source)));
    counts.extend(Source::ALL.iter().map(|source| stats.fallbacks_failed(*source)));
    counts.extend(stats.attempts_needed());
    counts
}

/// Whether no call was counted from the one to the other.
fn is_same(before: &Stats, after: &Stats) -> bool {
    let latencies = |stats: &Stats| (stats.latency().clone(), stats.waiting().clone(), stats.backoff());
    counted(before) == counted(after) && latencies(before) == latencies(after)
}

impl Uncounted {
    pub(crate) fn begin(scenes: &[&'static Scene]) -> Self {
        let ledgers = scenes.iter().flat_map(|scene| scene.ledgers).copied();
        Self(ledgers.inspect(|ledger| ledger.mark()).map(|ledger| (ledger, stats(ledger))).collect())
    }

    pub(crate) fn end(self) {
        for (ledger, before) in self.0 {
            ledger.forget();
            hold(
                is_same(&before, &stats(ledger)),
                ledger.scene,
                "nothing is counted while counting is off",
                || format!("{}: {before:?}, and then {:?}", ledger.service, stats(ledger)),
            );
        }
    }
}
