//! The report of a soak: its progress, the outcomes of the calls, and the findings.

use std::time::Instant;

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{RejectionKind, registry};

use crate::chaos::ended_calls;
use crate::checks::findings::{self, hold, say};
use crate::checks::journal;
use crate::checks::memory::Memory;
use crate::foreign::hazards;
use crate::scenes::Scene;

/// How many events are printed at the end.
const EVENTS: usize = 20;

/// The progress.
pub(crate) fn progress(round: usize, begun: Instant, memory: &Memory) {
    let (calls, time) = (ended_calls(), begun.elapsed().as_secs());
    let kept = registry().interned_policies();
    say(&format!("{calls} calls in {time} s, {} rounds, {} KiB, {kept} settings", round + 1, memory.now));
}

/// The outcomes of each service's calls: a soak whose calls are all rejected proves nothing.
pub(crate) fn shares(scenes: &[&'static Scene]) {
    say("service                   calls  answered  rejected   retries");
    for ledger in scenes.iter().flat_map(|scene| scene.ledgers) {
        let Some(service) = registry().service(ledger.service) else { continue };
        let stats = service.stats();
        let rejected: u64 = RejectionKind::ALL.iter().map(|&kind| stats.rejections(kind)).sum();
        let (calls, answered) = (stats.started(), stats.calls(CallOutcome::Success));
        let name = ledger.service;
        say(&format!("{name:<20} {calls:>10} {answered:>9} {rejected:>9} {:>9}", stats.retries()));
        hold(answered >= calls / 500, ledger.scene, "calls are answered", || {
            format!("{name}: {answered} of {calls}")
        });
    }
}

/// Nothing was found.
pub(crate) fn praise(seed: u64, begun: Instant, memory: &Memory) {
    say(&struck());
    let (calls, time) = (ended_calls(), begun.elapsed().as_secs());
    say(&format!("ok: {calls} calls in {time} s, {} KiB resident, seed {seed}", memory.now));
}

/// The findings.
pub(crate) fn tell(seed: u64) {
    say(&struck());
    say("the last events:");
    for line in journal::last(None, EVENTS) {
        say(&format!("    {line}"));
    }
    say(&format!("seed {seed}: what was wrong, how often"));
    for line in findings::summary() {
        say(&line);
    }
}

fn struck() -> String {
    let counts: Vec<_> = hazards::panics()
        .filter(|(_, count)| *count > 0)
        .map(|(of, count)| format!("{} {count}", of.word()))
        .collect();
    format!("panics that were planned: {}", counts.join(", "))
}
